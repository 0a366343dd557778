package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/integrity"
)

// Flags is what the operations on integrity flags call.
type Flags interface {
	List(ctx context.Context, f integrity.Filter) (items []integrity.Flag, next *string, open int, err error)
	Flag(ctx context.Context, id uuid.UUID) (integrity.Flag, error)
	Decide(ctx context.Context, d integrity.Decision) error
	// Looked notes in the audit trail that somebody looked at the flag, or at one of its sessions.
	Looked(ctx context.Context, by uuid.UUID, f integrity.Flag, session *uuid.UUID) error
}

// FlagItem is a question about somebody's study, put before an officer. It
// takes no credit away, whatever is decided.
type FlagItem struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind" enum:"fast-answers,metronome,round-the-clock,guessing,failed-checks,shared-device"`
	Severity  string     `json:"severity" enum:"serious,notice"`
	State     string     `json:"state" enum:"open,upheld,dismissed"`
	Person    PersonRef  `json:"person"`
	Org       OrgRef     `json:"org" doc:"Where the person worked when it was raised, else whose course it was"`
	FirstAt   time.Time  `json:"first_at" doc:"Of the evidence"`
	LastAt    time.Time  `json:"last_at"`
	Sessions  int        `json:"sessions"`
	RaisedAt  time.Time  `json:"raised_at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	DecidedBy *PersonRef `json:"decided_by,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	MayDecide bool       `json:"may_decide" doc:"False for an auditor, for what was decided, and for one's own"`
	Found     Text       `json:"found" doc:"What was seen, with its figures"`
}

// FlagPage is one page: the oldest first while they are open, the last decided first afterwards.
type FlagPage struct {
	Items      []FlagItem `json:"items"`
	NextCursor *string    `json:"next_cursor" nullable:"true"`
	Open       int        `json:"open"`
}

// FlagDetail is a flag with what it rests on.
type FlagDetail struct {
	FlagItem
	Limit       Text            `json:"limit" doc:"What it was held against"`
	Doubt       Text            `json:"doubt" doc:"What would explain it innocently"`
	SessionList []SessionRecord `json:"session_list" doc:"The last one first, at most 100"`
}

// ListFlagsInput filters the queue.
type ListFlagsInput struct {
	ListInput
	State    string `query:"state" enum:"open,upheld,dismissed" default:"open"`
	Kind     string `query:"kind" enum:"fast-answers,metronome,round-the-clock,guessing,failed-checks,shared-device"`
	Severity string `query:"severity" enum:"serious,notice"`
}

// FlagSessionInput names one session of a flag.
type FlagSessionInput struct {
	IDPath
	Session uuid.UUID `path:"session"`
	BeatsInput
}

// DecideFlagInput is an officer's decision.
type DecideFlagInput struct {
	IDPath
	Body struct {
		Decision string `json:"decision" enum:"uphold,dismiss" doc:"uphold: it was not study as it should be; dismiss: nothing is wrong"`
		Reason   string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) registerFlags(a huma.API) {
	tags := []string{"Integrity"}
	register(a, identity.Oversee, huma.Operation{OperationID: "list-integrity-flags", Method: http.MethodGet, Path: "/integrity-flags", Tags: tags, Summary: "What was flagged in one's jurisdiction"}, s.listFlags)
	register(a, identity.Oversee, huma.Operation{OperationID: "get-integrity-flag", Method: http.MethodGet, Path: "/integrity-flags/{id}", Tags: tags, Summary: "One flag with its sessions; looking is noted in the audit trail"}, s.getFlag)
	register(a, identity.Oversee, huma.Operation{OperationID: "get-integrity-flag-session", Method: http.MethodGet, Path: "/integrity-flags/{id}/sessions/{session}", Tags: tags, Summary: "The evidence of one of its sessions; looking is noted in the audit trail"}, s.getFlagSession)
	register(a, identity.Judge, huma.Operation{OperationID: "decide-integrity-flag", Method: http.MethodPost, Path: "/integrity-flags/{id}/decision", Tags: tags, Summary: "Uphold or dismiss, with a reason; 409 when it was decided before"}, s.decideFlag)
}
