package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// LessonProgress is how far a person is in one lesson.
type LessonProgress struct {
	LessonID    uuid.UUID  `json:"lesson_id"`
	Covered     []SpanS    `json:"covered" doc:"Media seconds verifiably watched, as [from, to)"`
	CoveredS    int        `json:"covered_s"`
	VerifiedS   int        `json:"verified_s" doc:"Wall-clock seconds credited"`
	ResumeAtMS  int64      `json:"resume_at_ms"`
	CompletedAt *time.Time `json:"completed_at,omitempty"`
	Open        bool       `json:"open" doc:"May be started: what must come before is done"`
	QuizBest    *float64   `json:"quiz_best,omitempty" doc:"Best share of the points, percent"`
}

// EnrolmentSummary is an enrolment in a list.
type EnrolmentSummary struct {
	ID           uuid.UUID  `json:"id"`
	Course       CourseCard `json:"course"`
	EnrolledAt   time.Time  `json:"enrolled_at"`
	StudiedAt    *time.Time `json:"studied_at,omitempty"`
	CompletedAt  *time.Time `json:"completed_at,omitempty"`
	LessonsDone  int        `json:"lessons_done" doc:"Required lessons completed"`
	LessonsTotal int        `json:"lessons_total" doc:"Required lessons"`
	CoveredS     int        `json:"covered_s"`
	VerifiedS    int        `json:"verified_s"`
	NextLessonID *uuid.UUID `json:"next_lesson_id,omitempty" doc:"Where to go on"`
	Serial       *string    `json:"certificate_serial,omitempty" doc:"Once the hours are registered"`
}

// Enrolment is an enrolment with its whole outline.
type Enrolment struct {
	EnrolmentSummary
	Chapters []ChapterOutline `json:"chapters"`
	Progress []LessonProgress `json:"progress" doc:"One a lesson, in the outline's order"`
}

// EnrolmentPage is one page of enrolments, last studied first.
type EnrolmentPage struct {
	Items      []EnrolmentSummary `json:"items"`
	NextCursor *string            `json:"next_cursor" nullable:"true"`
}

// ListEnrolmentsInput filters one's enrolments.
type ListEnrolmentsInput struct {
	ListInput
	State string `query:"state" enum:"all,open,completed" default:"all"`
}

// Cue is one caption.
type Cue struct {
	FromMS int64  `json:"from_ms"`
	ToMS   int64  `json:"to_ms"`
	Text   string `json:"text"`
}

// CaptionTrack is the captions of a video in one language.
type CaptionTrack struct {
	Language string `json:"language" enum:"zh,en"`
	URL      string `json:"url" doc:"WebVTT"`
	Cues     []Cue  `json:"cues" doc:"For the transcript"`
}

// Lesson is what an enrolled person sees of one lesson.
type Lesson struct {
	LessonOutline
	EnrolmentID uuid.UUID      `json:"enrolment_id"`
	Course      CourseCard     `json:"course"`
	PosterURL   string         `json:"poster_url,omitempty"`
	Captions    []CaptionTrack `json:"captions"`
	Text        *Text          `json:"text,omitempty" doc:"Markdown of a document lesson"`
	FileURL     string         `json:"file_url,omitempty" doc:"PDF of a document lesson"`
	Progress    LessonProgress `json:"progress"`
	PreviousID  *uuid.UUID     `json:"previous_id,omitempty"`
	NextID      *uuid.UUID     `json:"next_id,omitempty"`
}

// CaptionInput names a track.
type CaptionInput struct {
	IDPath
	Language string `path:"language" enum:"zh,en"`
}

func (s *Server) registerEnrolments(a huma.API) {
	tags := []string{"Learning"}
	register(a, identity.Learn, huma.Operation{OperationID: "enrol", Method: http.MethodPost, Path: "/courses/{id}/enrolments", Tags: tags, Summary: "Enrol in a course; enrolling again answers the same enrolment", DefaultStatus: http.StatusCreated}, s.enrol)
	register(a, identity.Own, huma.Operation{OperationID: "list-my-enrolments", Method: http.MethodGet, Path: "/me/enrolments", Tags: tags, Summary: "What I study"}, s.listEnrolments)
	register(a, identity.Own, huma.Operation{OperationID: "get-enrolment", Method: http.MethodGet, Path: "/enrolments/{id}", Tags: tags, Summary: "One enrolment with its outline and progress"}, s.getEnrolment)
	register(a, identity.Own, huma.Operation{OperationID: "get-lesson", Method: http.MethodGet, Path: "/lessons/{id}", Tags: tags, Summary: "A lesson of a course one is enrolled in"}, s.getLesson)
}
