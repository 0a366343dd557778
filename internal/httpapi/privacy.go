package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/privacy"
)

// Privacy is what the operations on one's own data call.
type Privacy interface {
	Terms() privacy.Terms
	Consents(ctx context.Context, person uuid.UUID) ([]privacy.Consent, error)
	Withdraw(ctx context.Context, person uuid.UUID, purpose string) error
	Exports(ctx context.Context, person uuid.UUID) ([]privacy.Export, error)
	RequestExport(ctx context.Context, person uuid.UUID) (privacy.Export, error)
	// Fetch gives an export out, once, and says how many bytes it is.
	Fetch(ctx context.Context, person, id uuid.UUID) (io.ReadCloser, int64, error)
	Deletion(ctx context.Context, person uuid.UUID) (*privacy.Deletion, error)
	RequestDeletion(ctx context.Context, person uuid.UUID) (privacy.Deletion, error)
	CancelDeletion(ctx context.Context, person uuid.UUID) error
}

// PrivacyHolding is one kind of thing that is kept of people.
type PrivacyHolding struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
	What Text   `json:"what"`
	Why  Text   `json:"why"`
	Long Text   `json:"how_long" doc:"For how long, and what a deletion does"`
}

// ConsentText is what people are asked to agree to.
type ConsentText struct {
	Purpose string `json:"purpose"`
	Version int    `json:"version"`
	Title   Text   `json:"title"`
	Body    Text   `json:"body"`
}

// PrivacyNotice says in plain words what is kept, why and for how long.
type PrivacyNotice struct {
	Holdings     []PrivacyHolding `json:"holdings"`
	Consents     []ConsentText    `json:"consents" doc:"The present version of every text"`
	DeletionDays int              `json:"deletion_days"`
	ExportDays   int              `json:"export_days"`
}

// DataExport is everything about a person, put together as they asked.
type DataExport struct {
	ID          uuid.UUID  `json:"id"`
	State       string     `json:"state" enum:"building,ready,fetched,expired"`
	RequestedAt time.Time  `json:"requested_at"`
	ReadyAt     *time.Time `json:"ready_at,omitempty"`
	ExpiresAt   *time.Time `json:"expires_at,omitempty"`
	FetchedAt   *time.Time `json:"fetched_at,omitempty"`
	SizeBytes   int64      `json:"size_bytes"`
	URL         string     `json:"url" doc:"Gives the ZIP once"`
}

// MyConsent is what one agreed to.
type MyConsent struct {
	Purpose     string     `json:"purpose"`
	Version     int        `json:"version"`
	GivenAt     time.Time  `json:"given_at"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
}

// Deletion is a request to be deleted that can still be taken back.
type Deletion struct {
	RequestedAt time.Time `json:"requested_at"`
	DueAt       time.Time `json:"due_at"`
}

// MyPrivacy is what one asked for and agreed to.
type MyPrivacy struct {
	Exports  []DataExport `json:"exports" doc:"The newest first, at most 10"`
	Consents []MyConsent  `json:"consents" doc:"The newest first"`
	Deletion *Deletion    `json:"deletion,omitempty"`
}

// ConsentPath names a consent.
type ConsentPath struct {
	Purpose string `path:"purpose" maxLength:"60"`
}

// AskDeletionInput wants the word that shows it is meant.
type AskDeletionInput struct {
	Body struct {
		Confirm string `json:"confirm" enum:"delete" doc:"The word delete"`
	}
}

func (s *Server) registerPrivacy(a huma.API) {
	tags := []string{"Privacy"}
	register(a, identity.Public, huma.Operation{OperationID: "get-privacy-notice", Method: http.MethodGet, Path: "/privacy", Tags: tags, Summary: "What is kept of people, why and for how long"}, s.getPrivacyNotice)
	register(a, identity.Own, huma.Operation{OperationID: "get-my-privacy", Method: http.MethodGet, Path: "/me/privacy", Tags: tags, Summary: "One's exports, consents and deletion"}, s.getMyPrivacy)
	register(a, identity.Own, huma.Operation{OperationID: "request-data-export", Method: http.MethodPost, Path: "/me/data-exports", Tags: tags, Summary: "Have everything about oneself put together", DefaultStatus: http.StatusAccepted}, s.requestExport)
	s.registerRaw(a, identity.Own, huma.Operation{OperationID: "fetch-data-export", Method: http.MethodGet, Path: "/me/data-exports/{id}/file", Tags: tags, Summary: "The ZIP of an export, once; 410 afterwards"}, s.fetchExport)
	register(a, identity.Own, huma.Operation{OperationID: "withdraw-consent", Method: http.MethodDelete, Path: "/me/consents/{purpose}", Tags: tags, Summary: "Take a consent back; what it allowed is deleted"}, s.withdrawConsent)
	register(a, identity.Own, huma.Operation{OperationID: "request-deletion", Method: http.MethodPut, Path: "/me/deletion", Tags: tags, Summary: "Ask to be deleted after a wait"}, s.requestDeletion)
	register(a, identity.Own, huma.Operation{OperationID: "cancel-deletion", Method: http.MethodDelete, Path: "/me/deletion", Tags: tags, Summary: "Take the request back"}, s.cancelDeletion)
}

func (s *Server) getPrivacyNotice(context.Context, *struct{}) (*Body[PrivacyNotice], error) {
	terms := s.svc.Privacy.Terms()
	out := PrivacyNotice{Holdings: []PrivacyHolding{}, Consents: []ConsentText{}, DeletionDays: terms.DeletionDays, ExportDays: terms.ExportDays}
	for _, h := range privacy.Told(terms) {
		out.Holdings = append(out.Holdings, PrivacyHolding{h.Key, Text(h.Name), Text(h.What), Text(h.Why), Text(h.Long)})
	}
	for _, c := range privacy.ConsentTexts {
		if present, _ := privacy.Current(c.Purpose); present.Version == c.Version {
			out.Consents = append(out.Consents, ConsentText{c.Purpose, c.Version, Text(c.Title), Text(c.Body)})
		}
	}
	return &Body[PrivacyNotice]{out}, nil
}

func (s *Server) getMyPrivacy(ctx context.Context, _ *struct{}) (*Body[MyPrivacy], error) {
	person := identity.ActorFrom(ctx).PersonID
	exports, err := s.svc.Privacy.Exports(ctx, person)
	if err != nil {
		return nil, err
	}
	consents, err := s.svc.Privacy.Consents(ctx, person)
	if err != nil {
		return nil, err
	}
	deletion, err := s.svc.Privacy.Deletion(ctx, person)
	if err != nil {
		return nil, err
	}
	out := MyPrivacy{Exports: []DataExport{}, Consents: []MyConsent{}, Deletion: (*Deletion)(deletion)}
	for _, e := range exports {
		out.Exports = append(out.Exports, exportOf(e))
	}
	for _, c := range consents {
		out.Consents = append(out.Consents, MyConsent(c))
	}
	return &Body[MyPrivacy]{out}, nil
}

func exportOf(e privacy.Export) DataExport {
	return DataExport{
		ID: e.ID, State: string(e.State), RequestedAt: e.RequestedAt, ReadyAt: e.ReadyAt, ExpiresAt: e.ExpiresAt, FetchedAt: e.FetchedAt, SizeBytes: e.Size,
		URL: Base + "/me/data-exports/" + e.ID.String() + "/file",
	}
}

func (s *Server) requestExport(ctx context.Context, _ *struct{}) (*Body[DataExport], error) {
	e, err := s.svc.Privacy.RequestExport(withOrigin(ctx), identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[DataExport]{exportOf(e)}, nil
}

// fetchExport refuses to be asked about the file without fetching it: a HEAD
// is answered by GET's handler and would use it up.
func (s *Server) fetchExport(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("id"))
	if err != nil {
		return errNotYours
	}
	if c.Context().IsHead() {
		return fiber.NewError(http.StatusMethodNotAllowed)
	}
	ctx := withOrigin(c.UserContext())
	r, size, err := s.svc.Privacy.Fetch(ctx, identity.ActorFrom(ctx).PersonID, id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="hourglass-my-data.zip"`)
	c.Context().SetBodyStream(r, int(size))
	return nil
}

func (s *Server) withdrawConsent(ctx context.Context, in *ConsentPath) (*Empty, error) {
	return nil, s.svc.Privacy.Withdraw(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.Purpose)
}

func (s *Server) requestDeletion(ctx context.Context, _ *AskDeletionInput) (*Body[Deletion], error) {
	d, err := s.svc.Privacy.RequestDeletion(withOrigin(ctx), identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[Deletion]{Deletion(d)}, nil
}

func (s *Server) cancelDeletion(ctx context.Context, _ *struct{}) (*Empty, error) {
	return nil, s.svc.Privacy.CancelDeletion(withOrigin(ctx), identity.ActorFrom(ctx).PersonID)
}
