package learning

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Bounds of notes.
const (
	MaxNoteText       = 2000 // characters of one
	MaxNotesInALesson = 500  // of one person
)

// Note is what a person wrote down at a moment of a lesson.
type Note struct {
	ID        uuid.UUID
	LessonID  uuid.UUID
	AtMS      int64 // on the lesson's line of positions, as a span's
	Text      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PlacedNote is a note with where it stands.
type PlacedNote struct {
	Note
	EnrolmentID uuid.UUID
	CourseID    uuid.UUID
	Course      catalog.Text // title
	Lesson      catalog.Text // title
}

// NoteCursor is the last note of the page before. It names the place and not
// the row, so that it still holds when that note was deleted meanwhile.
type NoteCursor struct {
	LessonID uuid.UUID
	AtMS     int64
	ID       uuid.UUID
}

// Checked is a note with its text trimmed; Invalid, naming each field that is wrong.
func (n Note) Checked() (Note, error) {
	n.Text = strings.TrimSpace(n.Text)
	var wrong fault.Fields
	if n.AtMS < 0 || n.AtMS > math.MaxInt32 {
		wrong.Add("body.at_ms", "must be from 0 to %d", math.MaxInt32)
	}
	switch length := utf8.RuneCountInString(n.Text); {
	case length == 0:
		wrong.Add("body.text", "must say something")
	case length > MaxNoteText:
		wrong.Add("body.text", "must be at most %d characters", MaxNoteText)
	case !utf8.ValidString(n.Text) || strings.ContainsRune(n.Text, 0):
		wrong.Add("body.text", "must be text")
	}
	return n, wrong.Err("the note cannot be kept as it is")
}

// TooManyNotes refuses one more note in a lesson that is full of them.
func TooManyNotes() error {
	return fault.Coded(fault.Conflict, "too-many-notes", fmt.Sprintf("A lesson holds at most %d notes.", MaxNotesInALesson))
}
