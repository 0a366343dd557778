// Package catalog knows courses: their versions and outlines, how they are
// written, reviewed and published, and how they are found.
package catalog

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// Text is one text in both languages.
type Text = quiz.Text

// Subject says what kind of hours a course gives.
type Subject string

// The subjects.
const (
	Professional Subject = "professional" // published by teaching institutions
	Public       Subject = "public"       // published by personnel departments
)

// State is how far a version is on its way to the catalogue.
type State string

// The states of a version.
const (
	Draft      State = "draft"
	Submitted  State = "submitted"
	Returned   State = "returned"
	Published  State = "published"
	Superseded State = "superseded"
)

// Editable says whether authors may change a version.
func (s State) Editable() bool { return s == Draft || s == Returned }

// Fields are what an author sets of a course itself.
type Fields struct {
	Subject       Subject
	FieldID       *string
	Language      string // of the lectures: zh or en
	Title         Text
	Summary       Text
	Description   Text // Markdown
	Outcomes      []Text
	ProposedHours *float64
}

// LessonKind is what a lesson is.
type LessonKind string

// The kinds of lesson.
const (
	VideoLesson    LessonKind = "video"
	DocumentLesson LessonKind = "document"
	QuizLesson     LessonKind = "quiz"
)

// Lesson is one step of a course.
type Lesson struct {
	ID         uuid.UUID
	Kind       LessonKind
	Title      Text
	Required   bool
	AssetID    *uuid.UUID
	Asset      *media.Asset // when read for authors
	Body       Text         // Markdown of a document lesson
	MinS, MaxS int          // how long a document is read, as a whole; 0: by its length
	DurationMS int64        // of a video; of a document what reading it takes at least
	Reading    *Plan        // of a document, when read from the store
	Quiz       *quiz.Quiz
	Questions  []Question // its own, when read for authors
}

// Chapter groups lessons.
type Chapter struct {
	ID      uuid.UUID
	Title   Text
	Lessons []Lesson
}

// Person names somebody to those who may know.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Event is one step of a version's way to publication.
type Event struct {
	Decision string // submitted, withdrawn, approved, returned
	Hours    *float64
	Reason   string
	By       Person
	At       time.Time
}

// Field is one field of the knowledge-updating programme.
type Field struct {
	ID       string
	ParentID *string
	Root     string
	Name     Text
}

// Version is a course as its authors and reviewers see it.
type Version struct {
	CourseID    uuid.UUID
	VersionID   uuid.UUID
	Number      int64 // of the course
	Version     int
	Revision    int64
	Provider    org.Ref
	Lineage     []uuid.UUID // of the provider
	State       State
	Published   bool // some version stands in the catalogue
	Fields      Fields
	Field       *Field
	Hours       *float64
	UpdatedAt   time.Time
	SubmittedAt *time.Time
	SubmittedBy *Person
	DecidedAt   *time.Time
	DecidedBy   *Person
	DurationS   int
	Lessons     int
	Questions   int
	Chapters    []Chapter
	Reviews     []Event
}

const (
	maxTitle       = 200
	maxSummary     = 1000
	maxDescription = 20_000
	maxBody        = 100_000
)

// MayPublish says which subject an organisation of the kind publishes.
func MayPublish(kind org.Kind, s Subject) error {
	switch {
	case kind == org.PersonnelDepartment && s == Public, kind == org.TeachingInstitution && s == Professional:
		return nil
	case kind == org.PersonnelDepartment:
		return fault.New(fault.Invalid, "the subject does not fit", fault.Field{Path: "body.subject", Message: "a personnel department publishes public subjects"})
	case kind == org.TeachingInstitution:
		return fault.New(fault.Invalid, "the subject does not fit", fault.Field{Path: "body.subject", Message: "a teaching institution publishes professional subjects"})
	}
	return fault.New(fault.Invalid, "the organisation does not publish courses", fault.Field{Path: "body.org_id", Message: "must be a teaching institution or a personnel department"})
}

// Check judges what cannot be kept at all; what may still be open is judged by Missing.
func (f Fields) Check(path string, bad *fault.Fields) {
	if f.Subject != Professional && f.Subject != Public {
		bad.Add(path+".subject", "must be professional or public")
	}
	if f.Language != "zh" && f.Language != "en" {
		bad.Add(path+".language", "must be zh or en")
	}
	checkText(path+".title", f.Title, maxTitle, bad)
	checkText(path+".summary", f.Summary, maxSummary, bad)
	checkText(path+".description", f.Description, maxDescription, bad)
	for i, o := range f.Outcomes {
		checkText(fmt.Sprintf("%s.outcomes[%d]", path, i), o, 300, bad)
	}
	if f.ProposedHours != nil {
		CheckHours(path+".proposed_hours", *f.ProposedHours, bad)
	}
}

// CheckHours: credit hours come in quarters, up to 200.
func CheckHours(path string, h float64, bad *fault.Fields) {
	if !(h > 0) || h > 200 || math.Mod(h*4, 1) != 0 {
		bad.Add(path, "must be more than 0 and at most 200, in quarters of an hour")
	}
}

func checkText(path string, t Text, limit int, bad *fault.Fields) {
	for name, text := range map[string]string{".zh": t.Zh, ".en": t.En} {
		if utf8.RuneCountInString(text) > limit {
			bad.Add(path+name, "must be at most %d characters", limit)
		}
		if strings.ContainsRune(text, 0) {
			bad.Add(path+name, "must not hold a null character")
		}
	}
}

// CheckOutline judges the form of a whole outline at a path like "body".
func CheckOutline(path string, chapters []Chapter, bad *fault.Fields) {
	seen := map[uuid.UUID]bool{}
	once := func(at string, id uuid.UUID) {
		if id != uuid.Nil && seen[id] {
			bad.Add(at+".id", "is there twice")
		}
		seen[id] = true
	}
	for i, c := range chapters {
		at := fmt.Sprintf("%s.chapters[%d]", path, i)
		once(at, c.ID)
		checkText(at+".title", c.Title, maxTitle, bad)
		for j, l := range c.Lessons {
			at := fmt.Sprintf("%s.lessons[%d]", at, j)
			once(at, l.ID)
			l.check(at, bad)
			if l.Quiz == nil {
				continue
			}
			for k, q := range l.Quiz.Questions {
				once(fmt.Sprintf("%s.quiz.questions[%d]", at, k), q.ID)
			}
		}
	}
}

func (l Lesson) check(at string, bad *fault.Fields) {
	checkText(at+".title", l.Title, maxTitle, bad)
	checkText(at+".text", l.Body, maxBody, bad)
	l.checkReading(at, bad)
	l.checkQuestions(at, bad)
	switch l.Kind {
	case VideoLesson:
		if l.Quiz != nil {
			bad.Add(at+".quiz", "a video lesson has no quiz")
		}
	case DocumentLesson:
		if l.Quiz != nil {
			bad.Add(at+".quiz", "a document lesson has no quiz")
		}
	case QuizLesson:
		if l.AssetID != nil {
			bad.Add(at+".asset_id", "a quiz lesson has no file")
		}
		if l.Quiz != nil {
			l.Quiz.Check(at+".quiz", bad)
		}
	default:
		bad.Add(at+".kind", "must be video, document or quiz")
	}
}

// Problem is one thing that stands in the way of publication.
type Problem struct {
	Place   string // e.g. title.zh, chapters[0].lessons[1].asset
	Code    string
	Message string
}

// Missing lists everything that keeps a version from being submitted, at once.
func (v Version) Missing() []Problem {
	var out []Problem
	tell := func(place, code, message string) { out = append(out, Problem{place, code, message}) }
	lang := v.Fields.Language
	for _, t := range []struct {
		place string
		text  Text
	}{{"title", v.Fields.Title}, {"summary", v.Fields.Summary}, {"description", v.Fields.Description}} {
		if strings.TrimSpace(in(t.text, lang)) == "" {
			tell(t.place+"."+lang, "empty", "is not written in the language of the course")
		}
	}
	if v.Fields.FieldID == nil && v.Fields.Subject == Professional {
		tell("field_id", "no-field", "a professional subject belongs to a field")
	}
	if v.Fields.ProposedHours == nil {
		tell("proposed_hours", "no-hours", "the credit hours are not proposed")
	}
	required := 0
	for i, c := range v.Chapters {
		at := fmt.Sprintf("chapters[%d]", i)
		if c.Title.Empty() {
			tell(at+".title", "empty", "the chapter has no title")
		}
		if len(c.Lessons) == 0 {
			tell(at, "no-lessons", "the chapter has no lessons")
		}
		for j, l := range c.Lessons {
			if l.Required {
				required++
			}
			l.missing(fmt.Sprintf("%s.lessons[%d]", at, j), tell)
		}
	}
	if required == 0 {
		tell("chapters", "nothing-required", "at least one lesson must be required, or nothing could be completed")
	}
	return out
}

func (l Lesson) missing(at string, tell func(place, code, message string)) {
	if l.Title.Empty() {
		tell(at+".title", "empty", "the lesson has no title")
	}
	switch {
	case l.Kind == QuizLesson && l.Quiz == nil:
		tell(at+".quiz", "no-questions", "the quiz has no questions")
	case l.Kind == QuizLesson:
		l.Quiz.Missing(at+".quiz", tell)
	case l.Kind == DocumentLesson && l.AssetID == nil && l.Body.Empty():
		tell(at, "no-content", "the document has neither text nor a file")
	case l.Kind == VideoLesson && l.AssetID == nil:
		tell(at+".asset", "no-video", "the video is not uploaded")
	}
	l.missingQuestions(at, tell)
	if l.Asset == nil {
		return
	}
	switch l.Asset.State {
	case media.Ready:
	case media.Failed:
		tell(at+".asset", "asset-failed", "the file could not be used: "+l.Asset.Failure)
	default:
		tell(at+".asset", "asset-not-ready", "the file is not ready yet")
	}
}

func in(t Text, lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Captions are the languages that every video of the version has captions in.
func (v Version) Captions() []string {
	var out []string
	for _, lang := range []string{"zh", "en"} {
		videos, with := 0, 0
		for _, c := range v.Chapters {
			for _, l := range c.Lessons {
				if l.Kind != VideoLesson || l.Asset == nil {
					continue
				}
				videos++
				if slices.ContainsFunc(l.Asset.Captions, func(c media.CaptionCount) bool { return c.Language == lang && c.Cues > 0 }) {
					with++
				}
			}
		}
		if videos > 0 && with == videos {
			out = append(out, lang)
		}
	}
	return out
}

// Totals counts what a card shows: seconds of video and of reading at least, and which kinds there are.
func (v Version) Totals() (seconds int, video, document bool) {
	var ms int64
	for _, c := range v.Chapters {
		for _, l := range c.Lessons {
			switch l.Kind {
			case VideoLesson:
				video = true
				if l.Asset != nil {
					ms += l.Asset.DurationMS
				}
			case DocumentLesson:
				document = true
				ms += int64(l.PlanIn(v.Fields.Language).MinS()) * 1000
			}
		}
	}
	return int((ms + 500) / 1000), video, document
}
