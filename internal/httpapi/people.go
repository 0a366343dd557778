package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/people"
)

// People is what the operations on identity documents and merges call.
type People interface {
	Mine(ctx context.Context, person uuid.UUID) (*people.Held, *people.Merge, error)
	Full(ctx context.Context, person uuid.UUID) (people.Document, error)
	Enter(ctx context.Context, person uuid.UUID, d people.Document, note string, consent int) (people.Outcome, error)
	Withdraw(ctx context.Context, person uuid.UUID) error
	Merges(ctx context.Context, scope identity.Scope, state people.MergeState, limit int, cursor *uuid.UUID) ([]people.Merge, bool, error)
	Review(ctx context.Context, scope identity.Scope, id uuid.UUID) (people.Review, error)
	Decide(ctx context.Context, scope identity.Scope, d people.Decision) error
}

// MaskedDocument is an identity document as it may be shown.
type MaskedDocument struct {
	Kind      string    `json:"kind" enum:"resident_card,residence_permit,mainland_permit,taiwan_permit,passport,other"`
	Name      string    `json:"name" doc:"Masked: 张*三"`
	Number    string    `json:"number" doc:"Masked: 11010*********1234"`
	EnteredAt time.Time `json:"entered_at"`
}

// MyMerge is one's own request to put two records together. Whose the other is is not told.
type MyMerge struct {
	State     string     `json:"state" enum:"open,merged,refused,withdrawn"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Reason    string     `json:"reason,omitempty"`
}

// MyIdentity is what a person is known by.
type MyIdentity struct {
	Document *MaskedDocument `json:"document,omitempty" doc:"Absent: none was entered"`
	Merge    *MyMerge        `json:"merge,omitempty" doc:"The last request, when a number was entered that stands in another record"`
}

// FullDocument is one's own document in the open.
type FullDocument struct {
	Kind   string `json:"kind" enum:"resident_card,residence_permit,mainland_permit,taiwan_permit,passport,other"`
	Name   string `json:"name"`
	Number string `json:"number"`
}

// EnterDocumentInput is a document as its owner writes it.
type EnterDocumentInput struct {
	Body struct {
		Kind           string `json:"kind" enum:"resident_card,residence_permit,mainland_permit,taiwan_permit,passport,other"`
		Name           string `json:"name" minLength:"1" maxLength:"200" doc:"As it stands on the document"`
		Number         string `json:"number" minLength:"1" maxLength:"80"`
		Note           string `json:"note,omitempty" maxLength:"500" doc:"For the officer, when the number stands in another record"`
		ConsentVersion int    `json:"consent_version" minimum:"1" doc:"Version of the text on identity numbers that the person agreed to"`
	}
}

// MergeItem is a request in the queue.
type MergeItem struct {
	ID        uuid.UUID  `json:"id"`
	State     string     `json:"state" enum:"open,merged,refused,withdrawn"`
	Kind      string     `json:"kind" enum:"resident_card,residence_permit,mainland_permit,taiwan_permit,passport,other"`
	Org       *OrgRef    `json:"org,omitempty" doc:"The nearest that both records belong below; absent: none"`
	Note      string     `json:"note,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	DecidedBy string     `json:"decided_by,omitempty"`
	Reason    string     `json:"reason,omitempty"`
}

// MergePage is one page of requests.
type MergePage struct {
	Items      []MergeItem `json:"items"`
	NextCursor *string     `json:"next_cursor" nullable:"true"`
}

// MergeSide is one of the two records, masked.
type MergeSide struct {
	Document  *MaskedDocument `json:"document,omitempty" doc:"Absent once it was decided and is no longer kept"`
	Address   string          `json:"address,omitempty" doc:"Masked"`
	Since     time.Time       `json:"since"`
	Roles     []MyRole        `json:"roles"`
	Years     []MergeYear     `json:"years"`
	OpenCount int             `json:"open_courses"`
	Flags     int             `json:"open_flags"`
}

// MergeYear is what was registered in a year.
type MergeYear struct {
	Year    int     `json:"year"`
	Hours   float64 `json:"hours"`
	Courses int     `json:"courses"`
}

// MergeReview is a request with both records side by side.
type MergeReview struct {
	MergeItem
	Keeper    MergeSide `json:"keeper" doc:"The record that has the number; it stays"`
	Joining   MergeSide `json:"joining" doc:"The record whose owner entered the number again"`
	SameName  bool      `json:"same_name"`
	Twice     int       `json:"courses_in_both" doc:"Courses both have hours for: they count once"`
	MayDecide bool      `json:"may_decide"`
}

// ListMergesInput filters the queue.
type ListMergesInput struct {
	ListInput
	State string `query:"state" enum:"open,merged,refused" default:"open"`
}

// DecideMergeInput is an officer's decision.
type DecideMergeInput struct {
	IDPath
	Body struct {
		Decision string `json:"decision" enum:"merge,refuse"`
		Reason   string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) registerPeople(a huma.API) {
	tags := []string{"Identity"}
	register(a, identity.Own, huma.Operation{OperationID: "get-my-identity", Method: http.MethodGet, Path: "/me/identity", Tags: tags, Summary: "One's own document, masked"}, s.getIdentity)
	register(a, identity.Own, huma.Operation{OperationID: "enter-my-identity", Method: http.MethodPut, Path: "/me/identity", Tags: tags, Summary: "Enter one's document; a number that stands in another record opens a request to merge", MaxBodyBytes: 16 << 10}, s.enterIdentity)
	register(a, identity.Own, huma.Operation{OperationID: "reveal-my-identity", Method: http.MethodGet, Path: "/me/identity/full", Tags: tags, Summary: "One's own document in full; looking is noted in the audit trail"}, s.revealIdentity)
	register(a, identity.Own, huma.Operation{OperationID: "withdraw-my-merge", Method: http.MethodDelete, Path: "/me/identity/merge", Tags: tags, Summary: "Take back one's open request to merge"}, s.withdrawMerge)
	register(a, identity.MergePeople, huma.Operation{OperationID: "list-merge-requests", Method: http.MethodGet, Path: "/merge-requests", Tags: tags, Summary: "Requests to put two records of one person together"}, s.listMerges)
	register(a, identity.MergePeople, huma.Operation{OperationID: "get-merge-request", Method: http.MethodGet, Path: "/merge-requests/{id}", Tags: tags, Summary: "Both records side by side, masked"}, s.getMerge)
	register(a, identity.MergePeople, huma.Operation{OperationID: "decide-merge-request", Method: http.MethodPost, Path: "/merge-requests/{id}/decision", Tags: tags, Summary: "Merge or refuse, with a reason; 409 when it was decided before"}, s.decideMerge)
}
