package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/learning"
)

// NoteWrite is what a person writes down at a moment of a lesson.
type NoteWrite struct {
	LessonID uuid.UUID `json:"lesson_id"`
	AtMS     int64     `json:"at_ms" minimum:"0" maximum:"2147483647" doc:"The moment, on the lesson's line of positions: as from_ms and to_ms of a beat's span"`
	Text     string    `json:"text" minLength:"1" maxLength:"2000" doc:"Plain text"`
}

// NotePlace names a course or a lesson that a note stands in.
type NotePlace struct {
	ID    uuid.UUID `json:"id"`
	Title Text      `json:"title"`
}

// Note is one's own note with where it stands.
type Note struct {
	ID          uuid.UUID `json:"id"`
	EnrolmentID uuid.UUID `json:"enrolment_id"`
	Course      NotePlace `json:"course"`
	Lesson      NotePlace `json:"lesson"`
	AtMS        int64     `json:"at_ms"`
	Text        string    `json:"text"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// NotePage is one page of notes: the last enrolled course first, within a course in the outline's order, by the moment.
type NotePage struct {
	Items      []Note  `json:"items"`
	NextCursor *string `json:"next_cursor" nullable:"true"`
}

// ListNotesInput filters one's notes.
type ListNotesInput struct {
	ListInput
	LessonID string `query:"lesson_id" format:"uuid" doc:"Of this lesson alone"`
}

// NewNoteInput writes a note under an id of the server's.
type NewNoteInput struct{ Body NoteWrite }

// PutNoteInput writes a note under an id of the client's.
type PutNoteInput struct {
	IDPath
	Body NoteWrite
}

// Notes is what the operations on notes call; another person's note is NotFound.
type Notes interface {
	SaveNote(ctx context.Context, person uuid.UUID, n learning.Note) (learning.PlacedNote, error)
	DeleteNote(ctx context.Context, person, id uuid.UUID) error
	Notes(ctx context.Context, person uuid.UUID, lesson *uuid.UUID, limit int, after *learning.NoteCursor) (items []learning.PlacedNote, more bool, err error)
}

func (s *Server) registerNotes(a huma.API) {
	tags := []string{"Learning"}
	register(a, identity.Own, huma.Operation{OperationID: "list-my-notes", Method: http.MethodGet, Path: "/me/notes", Tags: tags, Summary: "My notes, of one lesson or of all"}, s.listNotes)
	register(a, identity.Learn, huma.Operation{OperationID: "add-note", Method: http.MethodPost, Path: "/me/notes", Tags: tags, Summary: "Write a note; at most 500 a lesson", DefaultStatus: http.StatusCreated}, s.addNote)
	register(a, identity.Learn, huma.Operation{OperationID: "put-note", Method: http.MethodPut, Path: "/me/notes/{id}", Tags: tags, Summary: "Write a note under an id of one's own, or change it: the last to arrive holds, so that it can be sent until it is answered"}, s.putNote)
	register(a, identity.Own, huma.Operation{OperationID: "delete-note", Method: http.MethodDelete, Path: "/me/notes/{id}", Tags: tags, Summary: "Delete a note"}, s.deleteNote)
}

func (s *Server) listNotes(ctx context.Context, in *ListNotesInput) (*Body[NotePage], error) {
	after, err := noteCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var lesson *uuid.UUID
	if in.LessonID != "" {
		id, err := uuid.Parse(in.LessonID)
		if err != nil {
			return nil, fault.New(fault.Invalid, "that is no id of a lesson", fault.Field{Path: "query.lesson_id", Message: "must be a UUID"})
		}
		lesson = &id
	}
	items, more, err := s.svc.Notes.Notes(ctx, identity.ActorFrom(ctx).PersonID, lesson, in.Limit, after)
	if err != nil {
		return nil, err
	}
	page := NotePage{Items: []Note{}}
	for _, n := range items {
		page.Items = append(page.Items, noteOf(n))
	}
	if more {
		last := items[len(items)-1]
		page.NextCursor = new(fmt.Sprintf("%s.%d.%s", last.LessonID, last.AtMS, last.ID))
	}
	return &Body[NotePage]{page}, nil
}

func (s *Server) addNote(ctx context.Context, in *NewNoteInput) (*Body[Note], error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("new note's id: %w", err)
	}
	return s.putNote(ctx, &PutNoteInput{IDPath{id}, in.Body})
}

func (s *Server) putNote(ctx context.Context, in *PutNoteInput) (*Body[Note], error) {
	note := learning.Note{ID: in.ID, LessonID: in.Body.LessonID, AtMS: in.Body.AtMS, Text: in.Body.Text}
	saved, err := s.svc.Notes.SaveNote(ctx, identity.ActorFrom(ctx).PersonID, note)
	if err != nil {
		return nil, err
	}
	return &Body[Note]{noteOf(saved)}, nil
}

func (s *Server) deleteNote(ctx context.Context, in *IDPath) (*Empty, error) {
	return nil, s.svc.Notes.DeleteNote(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
}

func noteOf(n learning.PlacedNote) Note {
	return Note{
		ID: n.ID, EnrolmentID: n.EnrolmentID, Course: NotePlace{n.CourseID, Text(n.Course)}, Lesson: NotePlace{n.LessonID, Text(n.Lesson)},
		AtMS: n.AtMS, Text: n.Text, CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt,
	}
}

// noteCursor reads lesson.moment.note; nil for the first page.
func noteCursor(text string) (*learning.NoteCursor, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.SplitN(text, ".", 3)
	if len(parts) == 3 {
		lesson, err1 := uuid.Parse(parts[0])
		at, err2 := strconv.ParseInt(parts[1], 10, 32)
		id, err3 := uuid.Parse(parts[2])
		if err1 == nil && err2 == nil && err3 == nil {
			return &learning.NoteCursor{LessonID: lesson, AtMS: at, ID: id}, nil
		}
	}
	return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
}
