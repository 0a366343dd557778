package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// Notices is what the operations on notices call.
type Notices interface {
	Inbox(ctx context.Context, person uuid.UUID, unread bool, limit int, before uuid.UUID) (items []notify.Told, more bool, zone *time.Location, err error)
	Unread(ctx context.Context, person uuid.UUID) (int, error)
	Read(ctx context.Context, person uuid.UUID, ids []uuid.UUID, last uuid.UUID) error
	Preferences(ctx context.Context, person uuid.UUID) (notify.Preferences, error)
	Prefer(ctx context.Context, person uuid.UUID, p notify.Preferences) error
	// Unsubscribed ends mail of a kind for whoever the proof from a mail stands for; NotFound for another proof.
	Unsubscribed(ctx context.Context, kind notify.Kind, proof string) error
}

// NoticeItem is something one was told.
type NoticeItem struct {
	ID    uuid.UUID `json:"id"`
	Kind  string    `json:"kind"`
	At    time.Time `json:"at"`
	Read  bool      `json:"read"`
	Title Text      `json:"title"`
	Body  Text      `json:"body" doc:"Paragraphs, parted by line breaks"`
	Label Text      `json:"label" doc:"Of the button that leads to path"`
	Path  string    `json:"path" doc:"Where it leads within the product; empty: nowhere"`
}

// NoticePage is one page, the last first.
type NoticePage struct {
	Items      []NoticeItem `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
	Unread     int          `json:"unread" doc:"Of all, counted up to 100"`
}

// UnreadNotices is how much is not yet read.
type UnreadNotices struct {
	Unread int `json:"unread" doc:"Counted up to 100"`
}

// ListNoticesInput filters one's notices.
type ListNoticesInput struct {
	ListInput
	Unread bool `query:"unread" doc:"Only what is not yet read"`
}

// ReadNoticesInput says what was read.
type ReadNoticesInput struct {
	Body struct {
		IDs  []uuid.UUID `json:"ids,omitempty" maxItems:"100"`
		Last *uuid.UUID  `json:"last,omitempty" doc:"Without ids: everything up to and with this one"`
	}
}

// NoticeChoice is how one is told of a kind.
type NoticeChoice struct {
	Kind      string `json:"kind" maxLength:"60"`
	InProduct bool   `json:"in_product"`
	Mail      string `json:"mail" enum:"now,digest,off"`
}

// NoticeKind is a choice with what it is about.
type NoticeKind struct {
	NoticeChoice
	Group   string `json:"group" enum:"learning,teaching,work,record,security"`
	Binding bool   `json:"binding" doc:"Concerns security or one's rights and cannot be turned off"`
}

// NoticePreferences are all of one's choices.
type NoticePreferences struct {
	Zone    string       `json:"zone" doc:"IANA time zone; the daily mail comes at eight in the morning there"`
	Choices []NoticeKind `json:"choices"`
}

// ChangeNoticesInput changes the choices that are named, and no others.
type ChangeNoticesInput struct {
	Body struct {
		Zone    string         `json:"zone,omitempty" maxLength:"64"`
		Choices []NoticeChoice `json:"choices,omitempty" maxItems:"100"`
	}
}

func (s *Server) registerNotices(a huma.API) {
	tags := []string{"Notices"}
	register(a, identity.Own, huma.Operation{OperationID: "list-my-notices", Method: http.MethodGet, Path: "/me/notices", Tags: tags, Summary: "What I was told, the last first"}, s.listNotices)
	register(a, identity.Own, huma.Operation{OperationID: "count-my-unread-notices", Method: http.MethodGet, Path: "/me/notices/unread", Tags: tags, Summary: "How much of it I have not read"}, s.unreadNotices)
	register(a, identity.Own, huma.Operation{OperationID: "mark-my-notices-read", Method: http.MethodPut, Path: "/me/notices/read", Tags: tags, Summary: "Mark as read: some, or all up to one"}, s.readNotices)
	register(a, identity.Own, huma.Operation{OperationID: "get-my-notice-preferences", Method: http.MethodGet, Path: "/me/notice-preferences", Tags: tags, Summary: "What I want to be told of, and how"}, s.noticePreferences)
	register(a, identity.Own, huma.Operation{OperationID: "change-my-notice-preferences", Method: http.MethodPut, Path: "/me/notice-preferences", Tags: tags, Summary: "Change some of it"}, s.changeNotices)
	s.registerRaw(a, identity.Public, huma.Operation{
		OperationID: "unsubscribe", Method: http.MethodPost, Path: "/unsubscribe/{kind}/{proof}", Tags: tags, Summary: "End mail of a kind: one-click unsubscription by RFC 8058; the address from a mail is its proof",
		Responses: map[string]*huma.Response{"204": {Description: "Done, also when it was done before"}},
	}, s.unsubscribe)
	s.addRaw(a, identity.Public, huma.Operation{
		OperationID: "show-unsubscribe", Method: http.MethodGet, Path: "/unsubscribe/{kind}/{proof}", Tags: tags, Summary: "Leads to the page that asks first: whatever looks into mails follows links",
		Responses: map[string]*huma.Response{"303": {Description: "To the page"}},
	}, s.showUnsubscribe)
}

func (s *Server) listNotices(ctx context.Context, in *ListNoticesInput) (*Body[NoticePage], error) {
	before := uuid.Max
	if in.Cursor != "" {
		id, err := uuid.Parse(in.Cursor)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		before = id
	}
	me := identity.ActorFrom(ctx).PersonID
	items, more, zone, err := s.svc.Notices.Inbox(ctx, me, in.Unread, in.Limit, before)
	if err != nil {
		return nil, err
	}
	page := NoticePage{Items: []NoticeItem{}}
	if page.Unread, err = s.svc.Notices.Unread(ctx, me); err != nil {
		return nil, err
	}
	for _, n := range items {
		page.Items = append(page.Items, noticeOf(n, zone))
	}
	if more {
		page.NextCursor = new(items[len(items)-1].ID.String())
	}
	return &Body[NoticePage]{page}, nil
}

func noticeOf(n notify.Told, zone *time.Location) NoticeItem {
	zh, en := n.Tell("zh-CN", zone), n.Tell("en", zone)
	return NoticeItem{
		ID: n.ID, Kind: string(n.Kind), At: n.At, Read: n.Read, Path: n.Path, Title: Text{zh.Title, en.Title},
		Body: Text{strings.Join(zh.Body, "\n"), strings.Join(en.Body, "\n")}, Label: Text{zh.Label, en.Label},
	}
}

func (s *Server) unreadNotices(ctx context.Context, _ *struct{}) (*Body[UnreadNotices], error) {
	n, err := s.svc.Notices.Unread(ctx, identity.ActorFrom(ctx).PersonID)
	return &Body[UnreadNotices]{UnreadNotices{n}}, err
}

func (s *Server) readNotices(ctx context.Context, in *ReadNoticesInput) (*Body[UnreadNotices], error) {
	me, last := identity.ActorFrom(ctx).PersonID, uuid.Nil
	switch {
	case in.Body.Last != nil && len(in.Body.IDs) > 0, in.Body.Last == nil && len(in.Body.IDs) == 0:
		return nil, fault.New(fault.Invalid, "say what was read", fault.Field{Path: "body", Message: "must have either ids or last"})
	case in.Body.Last != nil:
		last = *in.Body.Last
	}
	if err := s.svc.Notices.Read(ctx, me, append([]uuid.UUID{}, in.Body.IDs...), last); err != nil {
		return nil, err
	}
	return s.unreadNotices(ctx, nil)
}

func (s *Server) noticePreferences(ctx context.Context, _ *struct{}) (*Body[NoticePreferences], error) {
	p, err := s.svc.Notices.Preferences(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	out := NoticePreferences{Zone: p.Zone, Choices: []NoticeKind{}}
	for _, c := range p.Choices {
		spec, _ := notify.SpecOf(c.Kind)
		out.Choices = append(out.Choices, NoticeKind{NoticeChoice{string(c.Kind), c.InProduct, string(c.Mail)}, spec.Group, spec.Binding})
	}
	return &Body[NoticePreferences]{out}, nil
}

func (s *Server) changeNotices(ctx context.Context, in *ChangeNoticesInput) (*Body[NoticePreferences], error) {
	p := notify.Preferences{Zone: in.Body.Zone}
	for _, c := range in.Body.Choices {
		p.Choices = append(p.Choices, notify.Choice{Kind: notify.Kind(c.Kind), InProduct: c.InProduct, Mail: notify.How(c.Mail)})
	}
	if err := s.svc.Notices.Prefer(ctx, identity.ActorFrom(ctx).PersonID, p); err != nil {
		return nil, err
	}
	return s.noticePreferences(ctx, nil)
}

func (s *Server) unsubscribe(c *fiber.Ctx) error {
	if err := s.svc.Notices.Unsubscribed(c.UserContext(), notify.Kind(c.Params("kind")), c.Params("proof")); err != nil {
		return err
	}
	return c.SendStatus(http.StatusNoContent)
}

func (s *Server) showUnsubscribe(c *fiber.Ctx) error {
	kind, proof := c.Params("kind"), c.Params("proof")
	if !plainSegment(kind) || !plainSegment(proof) {
		return fault.Nothing()
	}
	return c.Redirect(fmt.Sprintf("/unsubscribe/%s/%s", kind, proof), http.StatusSeeOther)
}

// plainSegment says whether a part of an address can only be that part.
func plainSegment(text string) bool {
	return len(text) <= 100 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}
