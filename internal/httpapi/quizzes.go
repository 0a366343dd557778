package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Choice is one possible answer. Correct is told only after submission.
type Choice struct {
	ID      string `json:"id"`
	Text    Text   `json:"text"`
	Correct *bool  `json:"correct,omitempty" doc:"After submission"`
}

// AttemptQuestion is a question as it stands in an attempt.
type AttemptQuestion struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind" enum:"single_choice,multiple_choice,true_false"`
	Stem        Text       `json:"stem"`
	Points      int        `json:"points"`
	Choices     []Choice   `json:"choices"`
	Answer      []string   `json:"answer" doc:"Ids of the chosen choices as saved; empty: not answered"`
	SavedAt     *time.Time `json:"saved_at,omitempty"`
	Correct     *bool      `json:"correct,omitempty" doc:"After submission"`
	Explanation *Text      `json:"explanation,omitempty" doc:"After submission"`
}

// AttemptSummary is an attempt in a list.
type AttemptSummary struct {
	ID          uuid.UUID  `json:"id"`
	Number      int        `json:"number"`
	StartedAt   time.Time  `json:"started_at"`
	DueAt       *time.Time `json:"due_at,omitempty"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
	Points      *int       `json:"points,omitempty"`
	PointsTotal *int       `json:"points_total,omitempty"`
	Percent     *float64   `json:"percent,omitempty"`
	Passed      *bool      `json:"passed,omitempty"`
}

// Attempt is one attempt at a quiz with its questions.
type Attempt struct {
	AttemptSummary
	Quiz            QuizSummary       `json:"quiz"`
	LessonID        uuid.UUID         `json:"lesson_id"`
	EnrolmentID     uuid.UUID         `json:"enrolment_id"`
	Title           Text              `json:"title"`
	Questions       []AttemptQuestion `json:"questions"`
	AttemptsLeft    *int              `json:"attempts_left,omitempty" doc:"Absent: no bound"`
	CourseCompleted bool              `json:"course_completed"`
}

// Quiz is what an enrolled person sees before an attempt.
type Quiz struct {
	QuizSummary
	Title        Text             `json:"title"`
	LessonID     uuid.UUID        `json:"lesson_id"`
	EnrolmentID  uuid.UUID        `json:"enrolment_id"`
	Open         bool             `json:"open" doc:"False while required lessons before it are missing"`
	Attempts     []AttemptSummary `json:"attempts" doc:"Newest first"`
	AttemptsLeft *int             `json:"attempts_left,omitempty"`
}

// SaveAnswerInput saves one answer; saving again replaces it.
type SaveAnswerInput struct {
	IDPath
	Question uuid.UUID `path:"question"`
	Body     struct {
		Choices []string `json:"choices" maxItems:"20" doc:"Ids of the chosen choices; empty takes the answer back"`
	}
}

// SavedAnswer confirms what was saved and when.
type SavedAnswer struct {
	Question uuid.UUID `json:"question"`
	Choices  []string  `json:"choices"`
	SavedAt  time.Time `json:"saved_at"`
}

func (s *Server) registerQuizzes(a huma.API) {
	tags := []string{"Quizzes"}
	register(a, identity.Own, huma.Operation{OperationID: "get-quiz", Method: http.MethodGet, Path: "/quizzes/{id}", Tags: tags, Summary: "A quiz before an attempt, with one's attempts"}, s.getQuiz)
	register(a, identity.Learn, huma.Operation{OperationID: "start-attempt", Method: http.MethodPost, Path: "/quizzes/{id}/attempts", Tags: tags, Summary: "Start an attempt, or go on with the open one", DefaultStatus: http.StatusCreated}, s.startAttempt)
	register(a, identity.Own, huma.Operation{OperationID: "get-attempt", Method: http.MethodGet, Path: "/attempts/{id}", Tags: tags, Summary: "One's attempt; with the right answers once submitted"}, s.getAttempt)
	register(a, identity.Own, huma.Operation{OperationID: "save-answer", Method: http.MethodPut, Path: "/attempts/{id}/answers/{question}", Tags: tags, Summary: "Save one answer"}, s.saveAnswer)
	register(a, identity.Own, huma.Operation{OperationID: "submit-attempt", Method: http.MethodPost, Path: "/attempts/{id}/submission", Tags: tags, Summary: "Submit an attempt; again answers the same result"}, s.submitAttempt)
}
