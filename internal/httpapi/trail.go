package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Trail is what the operations on the audit trail call.
type Trail interface {
	Search(ctx context.Context, f audit.Filter) (audit.List, error)
	Looks(ctx context.Context, subject uuid.UUID, limit int, cursor string) (audit.List, error)
	// Viewed notes that somebody looked at a person's record in an organisation, once an hour a reader.
	Viewed(ctx context.Context, reader, subject, place uuid.UUID) error
	Note(ctx context.Context, e audit.Event) error
}

// TrailEntry is one deed.
type TrailEntry struct {
	ID         uuid.UUID       `json:"id"`
	At         time.Time       `json:"at"`
	Actor      *PersonRef      `json:"actor,omitempty" doc:"Who did it; nobody: the program itself"`
	Action     string          `json:"action" doc:"object.verb"`
	ObjectKind string          `json:"object_kind"`
	ObjectID   uuid.UUID       `json:"object_id"`
	Subject    *PersonRef      `json:"subject,omitempty" doc:"Whom it concerns"`
	Org        *OrgRef         `json:"org,omitempty" doc:"Whose jurisdiction it belongs to"`
	Address    string          `json:"address" doc:"Where it was done from"`
	UserAgent  string          `json:"user_agent"`
	RequestID  string          `json:"request_id"`
	Before     json.RawMessage `json:"before,omitempty" doc:"What was changed, as it was"`
	After      json.RawMessage `json:"after,omitempty" doc:"And as it became"`
}

// TrailPage is one page of deeds, the last first.
type TrailPage struct {
	Items      []TrailEntry `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
	From       time.Time    `json:"from" doc:"Since when was searched"`
	To         time.Time    `json:"to"`
}

// TrailFilter chooses deeds.
type TrailFilter struct {
	From       string `query:"from" maxLength:"40" format:"date-time" doc:"Default: 30 days before to; at most 366 days before it"`
	To         string `query:"to" maxLength:"40" format:"date-time" doc:"Default: now"`
	Actor      string `query:"actor" maxLength:"36" format:"uuid"`
	Subject    string `query:"subject" maxLength:"36" format:"uuid"`
	Action     string `query:"action" maxLength:"80" doc:"object.verb, or object. for all of an object's"`
	ObjectKind string `query:"object_kind" maxLength:"60"`
	Object     string `query:"object" maxLength:"36" format:"uuid"`
	Org        string `query:"org" maxLength:"36" format:"uuid" doc:"With everything below it"`
}

// ListTrailInput is a search.
type ListTrailInput struct {
	ListInput
	TrailFilter
}

// Look is that somebody looked at one's record.
type Look struct {
	ID     uuid.UUID  `json:"id"`
	At     time.Time  `json:"at" doc:"Of the first look within an hour"`
	Reader *PersonRef `json:"reader,omitempty"`
	Org    *OrgRef    `json:"org,omitempty" doc:"In whose jurisdiction it was looked at"`
	What   string     `json:"what" enum:"record,identity-document,integrity-flag,study-session"`
}

// LookPage is one page of looks, the last first.
type LookPage struct {
	Items      []Look  `json:"items"`
	NextCursor *string `json:"next_cursor" nullable:"true"`
}

func (s *Server) registerTrail(a huma.API) {
	tags := []string{"Audit trail"}
	register(a, identity.ReadTrail, huma.Operation{OperationID: "search-audit-trail", Method: http.MethodGet, Path: "/audit-events", Tags: tags, Summary: "Who did what to whom, within one's jurisdiction; the last deed first"}, s.searchTrail)
	s.registerTrailExport(a, tags)
	register(a, identity.Own, huma.Operation{OperationID: "list-my-record-views", Method: http.MethodGet, Path: "/me/record-views", Tags: tags, Summary: "Who looked at my record, the last look first"}, s.myLooks)
}

func (s *Server) searchTrail(ctx context.Context, in *ListTrailInput) (*Body[TrailPage], error) {
	f, err := in.filter(identity.ActorFrom(ctx), s.now())
	if err != nil {
		return nil, err
	}
	f.Limit, f.Cursor = in.Limit, in.Cursor
	list, err := s.svc.Trail.Search(ctx, f)
	if err != nil {
		return nil, err
	}
	page := TrailPage{Items: []TrailEntry{}, NextCursor: list.NextCursor, From: f.From.UTC(), To: f.To.UTC()}
	for _, e := range list.Items {
		page.Items = append(page.Items, trailEntryOf(e))
	}
	return &Body[TrailPage]{page}, nil
}

func (s *Server) myLooks(ctx context.Context, in *ListInput) (*Body[LookPage], error) {
	list, err := s.svc.Trail.Looks(ctx, identity.ActorFrom(ctx).PersonID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	page := LookPage{Items: []Look{}, NextCursor: list.NextCursor}
	for _, e := range list.Items {
		t := trailEntryOf(e)
		page.Items = append(page.Items, Look{ID: t.ID, At: t.At, Reader: t.Actor, Org: t.Org, What: looked(e.Action)})
	}
	return &Body[LookPage]{page}, nil
}

// looked is what was looked at.
func looked(action string) string {
	switch action {
	case "integrity-flag.read":
		return "integrity-flag"
	case "study-session.read":
		return "study-session"
	case "identity-document.reveal":
		return "identity-document"
	}
	return "record"
}

// viewed notes that whoever asks looks at a person's record. Call it when the
// right is established and before anything is answered: no look without a trace.
func (s *Server) viewed(ctx context.Context, subject, place uuid.UUID) error {
	if s.svc.Trail == nil { // tests of what is shown, not of what is noted
		return nil
	}
	return s.svc.Trail.Viewed(ctx, identity.ActorFrom(ctx).PersonID, subject, place)
}
