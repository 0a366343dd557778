package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// ReviewItem is a submitted version in an officer's queue.
type ReviewItem struct {
	DraftSummary
	VersionID   uuid.UUID  `json:"version_id"`
	SubmittedAt time.Time  `json:"submitted_at"`
	SubmittedBy PersonRef  `json:"submitted_by"`
	DurationS   int        `json:"duration_s"`
	Lessons     int        `json:"lessons"`
	Questions   int        `json:"questions"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
	DecidedBy   *PersonRef `json:"decided_by,omitempty"`
	MayDecide   bool       `json:"may_decide" doc:"False for one's own submission"`
}

// ReviewPage is one page of the queue, oldest submission first.
type ReviewPage struct {
	Items      []ReviewItem `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
	Waiting    int          `json:"waiting"`
}

// ListReviewsInput filters the queue.
type ListReviewsInput struct {
	ListInput
	State   string `query:"state" enum:"submitted,published,returned" default:"submitted"`
	Subject string `query:"subject" enum:"professional,public"`
}

// ReviewDetail is a version under review, whole.
type ReviewDetail struct {
	ReviewItem
	Draft Draft `json:"draft"`
}

// DecideInput is an officer's decision.
type DecideInput struct {
	IDPath
	Body struct {
		Decision string   `json:"decision" enum:"approve,return"`
		Hours    *float64 `json:"hours,omitempty" exclusiveMinimum:"0" maximum:"200" multipleOf:"0.25" doc:"Credit hours; required to approve"`
		Reason   string   `json:"reason,omitempty" maxLength:"2000" doc:"Required to return"`
	}
}

func (s *Server) registerReviews(a huma.API) {
	tags := []string{"Review"}
	register(a, identity.Review, huma.Operation{OperationID: "list-reviews", Method: http.MethodGet, Path: "/reviews", Tags: tags, Summary: "The queue of submissions in one's jurisdiction"}, s.listReviews)
	register(a, identity.Review, huma.Operation{OperationID: "get-review", Method: http.MethodGet, Path: "/reviews/{id}", Tags: tags, Summary: "One submission (id of the version), whole"}, s.getReview)
	register(a, identity.Review, huma.Operation{OperationID: "decide-review", Method: http.MethodPost, Path: "/reviews/{id}/decision", Tags: tags, Summary: "Approve and set hours, or return with a reason"}, s.decideReview)
}
