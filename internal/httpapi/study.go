package httpapi

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/mileusna/useragent"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// Study is what the operations on study sessions call. Another person's
// session is NotFound.
type Study interface {
	Policy() study.Policy
	Open(ctx context.Context, r engine.OpenRequest) (engine.Opened, error)
	// Holder is whose session it is, if it was opened under this sign-in.
	Holder(ctx context.Context, session uuid.UUID, signIn []byte) (person uuid.UUID, ok bool, err error)
	Beat(ctx context.Context, person, session uuid.UUID, r study.Report) (engine.Answer, error)
	Close(ctx context.Context, person, session uuid.UUID) error
	// Refresh brings the figures of progress up to the last beat.
	Refresh(ctx context.Context, person uuid.UUID) error
	CloseSignIn(ctx context.Context, person uuid.UUID, signIn []byte) error
	Playlist(ctx context.Context, person, session uuid.UUID) (engine.Playlist, error)
	Deliver(ctx context.Context, r engine.SegmentRequest) (engine.Segment, error)
	// Document is what a session of a reading lesson reads; a text in the language asked for, if it has it.
	Document(ctx context.Context, person, session uuid.UUID, language string) (engine.Document, error)
	// Window is how long a person has for a presence check, in percent of the usual.
	Window(ctx context.Context, person uuid.UUID) (percent int, err error)
	SetWindow(ctx context.Context, person uuid.UUID, percent int) error
}

// OpenSessionInput opens a study session.
type OpenSessionInput struct {
	Browser string `cookie:"hourglass_browser"`
	Body    struct {
		LessonID uuid.UUID `json:"lesson_id"`
		TakeOver bool      `json:"take_over,omitempty" doc:"End the person's live session elsewhere and go on here"`
	}
}

// OpenedSession is the session together with the cookie that names the browser.
type OpenedSession struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      StudySession
}

// StudyPolicy is what the client may know of the rules.
type StudyPolicy struct {
	MaxRate       float64 `json:"max_rate" doc:"Highest playback rate that counts"`
	LookAheadS    int     `json:"look_ahead_s" doc:"Seconds of media that may be fetched ahead of the pace"`
	LeaseGraceS   int     `json:"lease_grace_s" doc:"How long after the last beat queued beats still count"`
	CompleteShare float64 `json:"complete_share" doc:"Share of the lesson that must be covered, from 0 to 1"`
	WindowS       int     `json:"presence_window_s" doc:"How long this person has to answer a presence check"`
}

// StudySession is an opened session.
type StudySession struct {
	ID            uuid.UUID    `json:"id"`
	Token         string       `json:"token" doc:"For the next beat"`
	Seq           int64        `json:"seq" doc:"Of the next beat"`
	Fence         int64        `json:"fence"`
	BeatIntervalS int          `json:"beat_interval_s"`
	Kind          string       `json:"kind" enum:"video,reading"`
	PlaylistURL   string       `json:"playlist_url" doc:"Of a video; empty for a reading lesson"`
	Reading       *ReadingPlan `json:"reading,omitempty" doc:"Of a reading lesson"`
	ResumeAtMS    int64        `json:"resume_at_ms"`
	DurationMS    int64        `json:"duration_ms" doc:"Of a reading lesson: pages × page_max_s × 1000"`
	StudyFigures
	Policy   StudyPolicy    `json:"policy"`
	Presence *PresenceCheck `json:"presence,omitempty" doc:"A check that is owed from an earlier session"`
}

// ReadingPlan is how a document is read. Page p, from 0, takes the positions
// from p × page_max_s to (p + 1) × page_max_s.
type ReadingPlan struct {
	DocumentURL string `json:"document_url" doc:"To be fetched before anything is claimed"`
	Pages       int    `json:"pages"`
	PageMinS    int    `json:"page_min_s" doc:"Seconds that complete a page"`
	PageMaxS    int    `json:"page_max_s" doc:"Seconds of a page that count at most"`
}

// StudyFigures are what a person's sessions in a lesson have come to.
type StudyFigures struct {
	VerifiedS  int     `json:"verified_s" doc:"Confirmed"`
	PendingS   int     `json:"pending_s" doc:"Credited since the last passed presence check; the next one confirms it"`
	ForfeitedS int     `json:"forfeited_s" doc:"Lost to missed presence checks"`
	Covered    []SpanS `json:"covered" doc:"Confirmed seconds of the lesson"`
	Pending    []SpanS `json:"pending" doc:"Seconds covered since the last passed presence check"`
	Completed  bool    `json:"lesson_completed"`
}

// Span is media played: [from_ms, to_ms) at a rate.
type Span struct {
	FromMS int64   `json:"from_ms" minimum:"0"`
	ToMS   int64   `json:"to_ms" minimum:"0"`
	Rate   float64 `json:"rate" exclusiveMinimum:"0"`
}

// Beat reports what was played since the last one.
type Beat struct {
	Token   string `json:"token" maxLength:"200"`
	Seq     int64  `json:"seq" minimum:"1"`
	State   string `json:"state" enum:"playing,paused,buffering,ended"`
	Visible bool   `json:"visible"`
	Spans   []Span `json:"spans" maxItems:"32"`
	// Presence answers a check.
	Presence *PresenceReply `json:"presence,omitempty"`
}

// BeatAnswer is the server's verdict.
type BeatAnswer struct {
	Token string `json:"token" doc:"For the next beat"`
	Seq   int64  `json:"seq" doc:"The beat answered"`
	StudyFigures
	Presence        *PresenceCheck `json:"presence,omitempty" doc:"The open check"`
	PresenceOutcome string         `json:"presence_outcome,omitempty" enum:"passed,wrong,missed,extended" doc:"What this beat did to the open check"`
}

func (s *Server) registerStudy(a huma.API) {
	tags := []string{"Study"}
	register(a, identity.Learn, huma.Operation{OperationID: "open-study-session", Method: http.MethodPost, Path: "/study-sessions", Tags: tags, Summary: "Open a study session; 409 lease-held names the device that is live elsewhere", DefaultStatus: http.StatusCreated}, s.openSession)
	describeRaw(a, identity.Learn, beatOperation(a, tags))
	register(a, identity.Learn, huma.Operation{OperationID: "close-study-session", Method: http.MethodDelete, Path: "/study-sessions/{id}", Tags: tags, Summary: "Close a session"}, s.closeSession)
	s.registerSegments(a, tags)
	s.registerPresence(a, tags)
}

// beatOperation describes the one operation whose body is read by a decoder of
// its own: it runs for every beat of everybody.
func beatOperation(a huma.API, tags []string) huma.Operation {
	schema := func(t reflect.Type) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: a.OpenAPI().Components.Schemas.Schema(t, true, "")}}
	}
	return huma.Operation{
		OperationID: "beat", Method: http.MethodPost, Path: beatPath, Tags: tags,
		Summary:     "Report what was played; answered when it is durable, and again with the same answer",
		RequestBody: &huma.RequestBody{Required: true, Content: schema(reflect.TypeFor[Beat]())},
		Responses: map[string]*huma.Response{
			"200":     {Description: "The verdict", Content: schema(reflect.TypeFor[BeatAnswer]())},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[ProblemDocument](), true, "")}}},
		},
	}
}

func (s *Server) openSession(ctx context.Context, in *OpenSessionInput) (*OpenedSession, error) {
	person := identity.ActorFrom(ctx).PersonID
	e, err := s.svc.Learning.EnrolmentOfLesson(ctx, person, in.Body.LessonID)
	if err != nil {
		return nil, err
	}
	r, browser := requestFrom(ctx), browserOf(in.Browser)
	opened, err := s.svc.Study.Open(ctx, engine.OpenRequest{
		PersonID: person, EnrolmentID: e.ID, LessonID: in.Body.LessonID, TakeOver: in.Body.TakeOver, Device: deviceOf(r.userAgent), SignIn: r.by.name(), Browser: browser,
	})
	var held *study.LeaseHeld
	if errors.As(err, &held) {
		p := problemOf(err).in(r, nil)
		p.Device, p.LessonID, p.SeenAt = held.Device, &held.LessonID, &held.SeenAt
		return nil, p
	}
	if err == nil {
		err = s.stillSignedIn(ctx, r.by, opened.Meta)
	}
	if err != nil {
		return nil, err
	}
	return &OpenedSession{s.browserCookie(browser), s.sessionOf(opened)}, nil
}

// stillSignedIn closes a session whose sign-in ended while it was opened: who
// signed out may have looked for open sessions just before this one was there.
func (s *Server) stillSignedIn(ctx context.Context, by credential, m study.Meta) error {
	actor, err := s.bySignIn(ctx, by)
	if err != nil || actor != nil {
		return err
	}
	if err := s.svc.Study.Close(ctx, m.PersonID, m.ID); err != nil {
		return err
	}
	return actor.Allows(identity.Learn)
}

func (s *Server) sessionOf(o engine.Opened) StudySession {
	p := s.svc.Study.Policy()
	path := Base + "/study-sessions/" + o.Meta.ID.String()
	out := StudySession{
		ID: o.Meta.ID, Token: o.Token, Seq: o.State.Seq + 1, Fence: o.Meta.Fence, BeatIntervalS: int(p.IntervalFor(o.Meta.DurationMS).Seconds()),
		Kind: "video", PlaylistURL: path + "/playlist.m3u8", ResumeAtMS: o.State.ResumeMS, DurationMS: o.Meta.DurationMS,
		StudyFigures: figuresOf(&o.State), Presence: presenceOf(o.Check),
		Policy: StudyPolicy{p.MaxRate.Float(), int(p.LookAhead.Seconds()), int(p.Grace.Seconds()), float64(p.CompleteShare) / 100, int(o.State.WindowMS / 1000)},
	}
	if o.Meta.Reading() {
		out.Kind, out.PlaylistURL = "reading", ""
		out.Reading = &ReadingPlan{path + "/document", o.Plan.Pages, o.Plan.PageMinS, o.Plan.PageMaxS}
	}
	return out
}

func figuresOf(s *study.State) StudyFigures {
	return StudyFigures{
		VerifiedS: int(s.VerifiedMS / 1000), PendingS: int(s.PendingMS / 1000), ForfeitedS: int(s.ForfeitedMS / 1000),
		Covered: spansOf(s.Covered), Pending: spansOf(s.Pending), Completed: s.Completed,
	}
}

func spansOf(b study.Bits) []SpanS {
	out := []SpanS{}
	for _, i := range b.Intervals() {
		out = append(out, SpanS(i))
	}
	return out
}

// maxBeat bounds a beat's body: 32 spans with every digit there can be fit many times over.
const maxBeat = 16 << 10

// beat reads the request where it lies: nothing of it is kept beyond the answer.
func (s *Server) beat(c *fiber.Ctx) error {
	id, err := idIn(c, "id")
	if err != nil {
		return err
	}
	person, err := s.learnerOf(c, id)
	if err != nil {
		return err
	}
	body := c.Request().Body()
	if len(body) > maxBeat {
		return fault.New(fault.TooLarge, "a beat is smaller than this")
	}
	report, err := study.DecodeBeat(body)
	if errors.Is(err, study.ErrMalformed) {
		return problemWith(http.StatusBadRequest, "The body is not JSON.")
	}
	if err != nil {
		return err
	}
	answer, err := s.svc.Study.Beat(c.UserContext(), person, id, report)
	if err != nil {
		return err
	}
	var room [512]byte
	text, err := appendBeatAnswer(room[:0], &answer)
	if err != nil {
		return err
	}
	c.Response().Header.SetContentTypeBytes(contentJSON)
	c.Response().SetBody(text)
	return nil
}

// beatCall is what of a beat's operation the scopes of a token are held against.
var beatCall = huma.Operation{Method: http.MethodPost, Path: beatPath}

// learnerOf is who sends a beat. A session opened under the sign-in that asks
// needs no look at the accounts: it is closed when that sign-in ends. Any other
// sign-in is authenticated, and must then be the same person's.
func (s *Server) learnerOf(c *fiber.Ctx, session uuid.UUID) (uuid.UUID, error) {
	// Not so with an access token: it ends without anybody who knows its sessions.
	if token := c.Request().Header.Cookie(cookieName); len(token) > 0 && len(c.Request().Header.Peek(fiber.HeaderAuthorization)) == 0 {
		person, ok, err := s.svc.Study.Holder(c.UserContext(), session, identity.StudyName(token))
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return person, err
		}
		if ok {
			return person, nil
		}
	}
	if err := s.admit(c, identity.Learn, &beatCall); err != nil {
		return uuid.Nil, err
	}
	return identity.ActorFrom(c.UserContext()).PersonID, nil
}

func (s *Server) closeSession(ctx context.Context, in *IDPath) (*Empty, error) {
	return &Empty{}, s.svc.Study.Close(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
}

// endStudy closes the session of a sign-in that ends. nil: it had ended before.
func (s *Server) endStudy(ctx context.Context, actor *identity.Actor, token string) error {
	if s.svc.Study == nil || actor == nil {
		return nil
	}
	return s.svc.Study.CloseSignIn(ctx, actor.PersonID, identity.StudyName(token))
}

// deviceOf says to a person which device a browser runs on.
func deviceOf(userAgent string) string {
	ua := useragent.Parse(userAgent)
	parts := []string{}
	for _, part := range []string{ua.Name, ua.OS} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "another device"
	}
	return strings.Join(parts, " on ")
}
