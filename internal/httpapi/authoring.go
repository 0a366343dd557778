package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// DraftSummary is a course in an authoring list.
type DraftSummary struct {
	ID            uuid.UUID `json:"id" doc:"Of the course"`
	Number        int64     `json:"number"`
	Provider      OrgRef    `json:"provider"`
	State         string    `json:"state" enum:"draft,submitted,returned,published" doc:"Of the newest version"`
	Published     bool      `json:"published" doc:"Some version stands in the catalogue"`
	Subject       string    `json:"subject" enum:"professional,public"`
	Field         *FieldRef `json:"field,omitempty"`
	Title         Text      `json:"title"`
	ProposedHours *float64  `json:"proposed_hours,omitempty"`
	Hours         *float64  `json:"hours,omitempty"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// DraftLesson is a lesson as its author sees it.
type DraftLesson struct {
	ID        uuid.UUID        `json:"id"`
	Kind      string           `json:"kind" enum:"video,document,quiz"`
	Title     Text             `json:"title"`
	Required  bool             `json:"required"`
	Asset     *Asset           `json:"asset,omitempty" doc:"Video or PDF"`
	Text      *Text            `json:"text,omitempty" doc:"Markdown of a document lesson"`
	MinS      int              `json:"min_s" doc:"Of a document: seconds of reading that complete it, as a whole; 0: by its length"`
	MaxS      int              `json:"max_s" doc:"Of a document: seconds of reading that count at most; 0: by its length"`
	Reading   *ReadingTime     `json:"reading,omitempty" doc:"Of a document: what these come to a page"`
	Quiz      *DraftQuiz       `json:"quiz,omitempty"`
	Questions []LessonQuestion `json:"questions" doc:"A video's or a document's own questions, which presence checks ask"`
}

// LessonQuestion is what a presence check may ask of whoever studies a lesson;
// it grades nobody. Texts are in the course's language.
type LessonQuestion struct {
	AtMS    int64          `json:"at_ms" minimum:"0" maximum:"86400000" doc:"Of a video: what it asks about was shown by then; 0 in a document"`
	Page    int            `json:"page,omitempty" minimum:"0" maximum:"2000" doc:"Of a document: what it asks about stands there, from 1"`
	Kind    string         `json:"kind" enum:"single,multiple" doc:"How many choices may be right"`
	Prompt  string         `json:"prompt" maxLength:"500"`
	Choices []LessonChoice `json:"choices" minItems:"2" maxItems:"8"`
}

// LessonChoice is a possible answer.
type LessonChoice struct {
	Text    string `json:"text" maxLength:"200"`
	Correct bool   `json:"correct"`
}

// DraftQuiz is a quiz with its right answers.
type DraftQuiz struct {
	ID              uuid.UUID       `json:"id,omitempty" readOnly:"true"`
	PassMark        int             `json:"pass_mark" minimum:"1" maximum:"100"`
	AttemptsAllowed *int            `json:"attempts_allowed,omitempty" minimum:"1" maximum:"100"`
	TimeLimitS      *int            `json:"time_limit_s,omitempty" minimum:"60" maximum:"86400"`
	Questions       []DraftQuestion `json:"questions" maxItems:"200"`
}

// DraftQuestion is a question with its right answer.
type DraftQuestion struct {
	ID          *uuid.UUID    `json:"id,omitempty"`
	Kind        string        `json:"kind" enum:"single_choice,multiple_choice,true_false"`
	Stem        Text          `json:"stem"`
	Explanation Text          `json:"explanation"`
	Points      int           `json:"points" minimum:"1" maximum:"100" default:"1"`
	Choices     []DraftChoice `json:"choices" minItems:"2" maxItems:"10"`
}

// DraftChoice is a possible answer.
type DraftChoice struct {
	Text    Text `json:"text"`
	Correct bool `json:"correct"`
}

// DraftChapter is a chapter with its lessons.
type DraftChapter struct {
	ID      uuid.UUID     `json:"id"`
	Title   Text          `json:"title"`
	Lessons []DraftLesson `json:"lessons"`
}

// ReviewEvent is one step of a version's way to publication.
type ReviewEvent struct {
	Decision string    `json:"decision" enum:"submitted,withdrawn,approved,returned"`
	Hours    *float64  `json:"hours,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	By       PersonRef `json:"by"`
	At       time.Time `json:"at"`
}

// Draft is a course as its authors and reviewers see it: the newest version whole.
type Draft struct {
	DraftSummary
	VersionID   uuid.UUID      `json:"version_id"`
	Version     int            `json:"version"`
	Language    string         `json:"language" enum:"zh,en"`
	Summary     Text           `json:"summary"`
	Description Text           `json:"description"`
	Outcomes    []Text         `json:"outcomes"`
	Chapters    []DraftChapter `json:"chapters"`
	Reviews     []ReviewEvent  `json:"reviews" doc:"Oldest first"`
	Missing     []Problem      `json:"missing" doc:"What must be put right before it can be submitted"`
}

// Problem is one thing that stands in the way.
type Problem struct {
	Place   string `json:"place" doc:"E.g. title.en, chapters[0].lessons[1].asset"`
	Code    string `json:"code" doc:"Stable, for translation"`
	Message string `json:"message"`
}

// DraftFields are what an author sets of a course itself.
type DraftFields struct {
	Subject       string   `json:"subject" enum:"professional,public"`
	FieldID       *string  `json:"field_id,omitempty" maxLength:"60"`
	Language      string   `json:"language" enum:"zh,en"`
	Title         Text     `json:"title"`
	Summary       Text     `json:"summary"`
	Description   Text     `json:"description"`
	Outcomes      []Text   `json:"outcomes" maxItems:"12"`
	ProposedHours *float64 `json:"proposed_hours,omitempty" exclusiveMinimum:"0" maximum:"200" multipleOf:"0.25"`
}

// CreateDraftInput starts a course.
type CreateDraftInput struct {
	Body struct {
		OrgID    uuid.UUID `json:"org_id"`
		Subject  string    `json:"subject" enum:"professional,public"`
		FieldID  *string   `json:"field_id,omitempty" maxLength:"60"`
		Title    Text      `json:"title"`
		Language string    `json:"language,omitempty" enum:"zh,en" default:"zh"`
	}
}

// UpdateDraftInput replaces the course's own fields.
type UpdateDraftInput struct {
	IDPath
	EditInput
	Body DraftFields
}

// OutlineInput replaces the whole outline: chapters and lessons in order.
// Lessons and chapters with an id keep it; without one they are new; absent ones go.
type OutlineInput struct {
	IDPath
	EditInput
	Body struct {
		Chapters []OutlineChapter `json:"chapters" maxItems:"100"`
	}
}

// OutlineChapter is a chapter to be.
type OutlineChapter struct {
	ID      *uuid.UUID      `json:"id,omitempty"`
	Title   Text            `json:"title"`
	Lessons []OutlineLesson `json:"lessons" maxItems:"200"`
}

// OutlineLesson is a lesson to be.
type OutlineLesson struct {
	ID        *uuid.UUID       `json:"id,omitempty"`
	Kind      string           `json:"kind" enum:"video,document,quiz"`
	Title     Text             `json:"title"`
	Required  bool             `json:"required"`
	AssetID   *uuid.UUID       `json:"asset_id,omitempty"`
	Text      *Text            `json:"text,omitempty"`
	MinS      int              `json:"min_s,omitempty" minimum:"0" maximum:"86400" doc:"Of a document: seconds of reading that complete it, as a whole; 0: by its length"`
	MaxS      int              `json:"max_s,omitempty" minimum:"0" maximum:"86400" doc:"Of a document: seconds of reading that count at most, not less than min_s; 0: by its length"`
	Quiz      *DraftQuiz       `json:"quiz,omitempty"`
	Questions []LessonQuestion `json:"questions,omitempty" maxItems:"50" doc:"A video's or a document's own questions, which presence checks ask"`
}

// ListDraftsInput filters what one may author.
type ListDraftsInput struct {
	ListInput
	OrgID string `query:"org_id" doc:"One of one's organisations; absent: all" format:"uuid"`
	State string `query:"state" enum:"all,draft,submitted,returned,published" default:"all"`
}

// DraftPage is one page of drafts, last changed first.
type DraftPage struct {
	Items      []DraftSummary `json:"items"`
	NextCursor *string        `json:"next_cursor" nullable:"true"`
}

// TaggedIDPath is an id and the ETag that was read.
type TaggedIDPath struct {
	IDPath
	EditInput
}

func (s *Server) registerAuthoring(a huma.API) {
	tags := []string{"Authoring"}
	register(a, identity.Author, huma.Operation{OperationID: "list-drafts", Method: http.MethodGet, Path: "/authoring/courses", Tags: tags, Summary: "Courses of one's organisations"}, s.listDrafts)
	register(a, identity.Author, huma.Operation{OperationID: "create-draft", Method: http.MethodPost, Path: "/authoring/courses", Tags: tags, Summary: "Start a course", DefaultStatus: http.StatusCreated}, s.createDraft)
	register(a, identity.Author, huma.Operation{OperationID: "get-draft", Method: http.MethodGet, Path: "/authoring/courses/{id}", Tags: tags, Summary: "A course's newest version, whole"}, s.getDraft)
	register(a, identity.Author, huma.Operation{OperationID: "update-draft", Method: http.MethodPut, Path: "/authoring/courses/{id}", Tags: tags, Summary: "Replace title, texts, field, hours"}, s.updateDraft)
	register(a, identity.Author, huma.Operation{OperationID: "replace-outline", Method: http.MethodPut, Path: "/authoring/courses/{id}/outline", Tags: tags, Summary: "Replace chapters, lessons and quizzes", MaxBodyBytes: 4 << 20}, s.replaceOutline)
	register(a, identity.Author, huma.Operation{OperationID: "delete-draft", Method: http.MethodDelete, Path: "/authoring/courses/{id}", Tags: tags, Summary: "Delete a course that was never submitted"}, s.deleteDraft)
	register(a, identity.Author, huma.Operation{OperationID: "new-version", Method: http.MethodPost, Path: "/authoring/courses/{id}/versions", Tags: tags, Summary: "Start the next version of a published course as a copy", DefaultStatus: http.StatusCreated}, s.newVersion)
	register(a, identity.Submit, huma.Operation{OperationID: "submit-draft", Method: http.MethodPost, Path: "/authoring/courses/{id}/submission", Tags: tags, Summary: "Submit for review and publication"}, s.submitDraft)
	register(a, identity.Submit, huma.Operation{OperationID: "withdraw-draft", Method: http.MethodDelete, Path: "/authoring/courses/{id}/submission", Tags: tags, Summary: "Take a submission back", DefaultStatus: http.StatusOK}, s.withdrawDraft)
}
