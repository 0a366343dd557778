package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// OpenSessionInput opens a study session.
type OpenSessionInput struct {
	UserAgent string `header:"User-Agent" hidden:"true"`
	Body      struct {
		LessonID uuid.UUID `json:"lesson_id"`
		TakeOver bool      `json:"take_over,omitempty" doc:"End the person's live session elsewhere and go on here"`
	}
}

// StudyPolicy is what the client may know of the rules.
type StudyPolicy struct {
	MaxRate       float64 `json:"max_rate" doc:"Highest playback rate that counts"`
	LookAheadS    int     `json:"look_ahead_s"`
	LeaseGraceS   int     `json:"lease_grace_s" doc:"How long after the last beat queued beats still count"`
	CompleteShare float64 `json:"complete_share" doc:"Share of the lesson that must be covered"`
}

// StudySession is an opened session.
type StudySession struct {
	ID            uuid.UUID   `json:"id"`
	Token         string      `json:"token" doc:"For the next beat"`
	Seq           int64       `json:"seq" doc:"Of the next beat"`
	Fence         int64       `json:"fence"`
	BeatIntervalS int         `json:"beat_interval_s"`
	PlaylistURL   string      `json:"playlist_url"`
	ResumeAtMS    int64       `json:"resume_at_ms"`
	DurationMS    int64       `json:"duration_ms"`
	Covered       []SpanS     `json:"covered"`
	VerifiedS     int         `json:"verified_s"`
	Completed     bool        `json:"lesson_completed"`
	Policy        StudyPolicy `json:"policy"`
}

// LiveElsewhere is told with a 409 of type "lease-held".
type LiveElsewhere struct {
	Device   string    `json:"device" doc:"E.g. Chrome on Android"`
	LessonID uuid.UUID `json:"lesson_id"`
	SeenAt   time.Time `json:"seen_at"`
}

// Span is media played: [from_ms, to_ms) at a rate.
type Span struct {
	FromMS int64   `json:"from_ms" minimum:"0"`
	ToMS   int64   `json:"to_ms" minimum:"0"`
	Rate   float64 `json:"rate" exclusiveMinimum:"0"`
}

// BeatInput reports what was played since the last beat.
type BeatInput struct {
	IDPath
	Body struct {
		Token   string `json:"token" maxLength:"200"`
		Seq     int64  `json:"seq" minimum:"1"`
		State   string `json:"state" enum:"playing,paused,buffering,ended"`
		Visible bool   `json:"visible"`
		Spans   []Span `json:"spans" maxItems:"32"`
	}
}

// BeatAnswer is the server's verdict.
type BeatAnswer struct {
	Token           string  `json:"token" doc:"For the next beat"`
	Seq             int64   `json:"seq" doc:"The beat answered"`
	VerifiedS       int     `json:"verified_s"`
	PendingS        int     `json:"pending_s"`
	Covered         []SpanS `json:"covered"`
	LessonCompleted bool    `json:"lesson_completed"`
}

func (s *Server) registerStudy(a huma.API) {
	tags := []string{"Study"}
	register(a, identity.Learn, huma.Operation{OperationID: "open-study-session", Method: http.MethodPost, Path: "/study-sessions", Tags: tags, Summary: "Open a study session; 409 lease-held names the device that is live elsewhere", DefaultStatus: http.StatusCreated}, s.openSession)
	register(a, identity.Own, huma.Operation{OperationID: "beat", Method: http.MethodPost, Path: "/study-sessions/{id}/beats", Tags: tags, Summary: "Report what was played", MaxBodyBytes: 64 << 10}, s.beat)
	register(a, identity.Own, huma.Operation{OperationID: "close-study-session", Method: http.MethodDelete, Path: "/study-sessions/{id}", Tags: tags, Summary: "Close a session"}, s.closeSession)
}

func (s *Server) openSession(ctx context.Context, in *OpenSessionInput) (*Body[StudySession], error) {
	return nil, errUnwired
}
func (s *Server) beat(ctx context.Context, in *BeatInput) (*Body[BeatAnswer], error) {
	return nil, errUnwired
}
func (s *Server) closeSession(ctx context.Context, in *IDPath) (*Empty, error) {
	return nil, errUnwired
}
