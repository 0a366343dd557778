package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// Evidence is what the operations on evidence call.
type Evidence interface {
	// Records is one page of a person's sessions, the last one first; before is the fence of the last one seen.
	Records(ctx context.Context, person uuid.UUID, limit int, before *int64) (items []study.Record, more bool, err error)
	RecordsOf(ctx context.Context, sessions []uuid.UUID) ([]study.Record, error)
	Evidence(ctx context.Context, session uuid.UUID) (study.Evidence, error)
}

// SessionRecord is a study session as it is listed afterwards.
type SessionRecord struct {
	ID       uuid.UUID  `json:"id"`
	LessonID uuid.UUID  `json:"lesson_id"`
	Lesson   Text       `json:"lesson"`
	Course   Text       `json:"course"`
	Kind     string     `json:"kind" enum:"video,reading"`
	Device   string     `json:"device"`
	OpenedAt time.Time  `json:"opened_at"`
	ClosedAt *time.Time `json:"closed_at,omitempty" doc:"Absent: open"`
	Beats    int        `json:"beats"`
	CreditS  int        `json:"credit_s" doc:"Credited by its beats, whatever became of it"`
}

// SessionRecords is one page, the last session first.
type SessionRecords struct {
	Items      []SessionRecord `json:"items"`
	NextCursor *string         `json:"next_cursor" nullable:"true"`
}

// SessionEvidence is a session with what every second of it rests on. Times
// in milliseconds count from its opening.
type SessionEvidence struct {
	SessionRecord
	ConfirmedS int  `json:"confirmed_s"`
	PendingS   int  `json:"pending_s" doc:"Waited for a presence check when the session ended; the next one confirms or loses it"`
	ForfeitedS int  `json:"forfeited_s" doc:"Lost to missed presence checks"`
	WindowS    int  `json:"window_s" doc:"How long a presence check could be answered"`
	Whole      bool `json:"whole" doc:"Every beat is here; else beats were taken together after the time they are kept for, and figures of single beats are not complete"`
	Intact     bool `json:"intact" doc:"The chain recomputes from the beats: none was changed, left out or put in. Only where whole"`
	// Head is the last link of the chain, in hexadecimal.
	Head     string          `json:"head"`
	LengthMS int64           `json:"length_ms" doc:"From the opening to the last beat"`
	Timeline []CreditStretch `json:"timeline" doc:"Where on the clock the credited time was played"`
	BeatsMS  []int64         `json:"beats_ms" doc:"When each beat came"`
	LateMS   []int64         `json:"late_ms" doc:"Those that brought what was played while the line was down"`
	Checks   []CheckRecord   `json:"checks"`
	Rows     []BeatRecord    `json:"rows" doc:"A page of the beats"`
	NextSeq  *int64          `json:"next_seq" nullable:"true" doc:"after_seq of the next page"`
}

// CreditStretch is credited time with one fate.
type CreditStretch struct {
	FromMS int64  `json:"from_ms"`
	ToMS   int64  `json:"to_ms"`
	Fate   string `json:"fate" enum:"confirmed,pending,forfeited"`
}

// CheckRecord is a presence check and what became of it.
type CheckRecord struct {
	AskedMS    int64  `json:"asked_ms"`
	EndedMS    *int64 `json:"ended_ms,omitempty" doc:"Absent: open when the session ended"`
	Question   bool   `json:"question"`
	Outcome    string `json:"outcome" enum:"passed,wrong,missed,open"`
	ReactionMS *int64 `json:"reaction_ms,omitempty" doc:"From asking to the answer, by the server's clock; absent where it says nothing"`
}

// BeatRecord is one beat.
type BeatRecord struct {
	Seq      int64  `json:"seq"`
	AtMS     int64  `json:"at_ms"`
	CreditMS int64  `json:"credit_ms"`
	State    string `json:"state" enum:"playing,paused,buffering,ended"`
	Visible  bool   `json:"visible"`
	Spans    []Span `json:"spans"`
	Fate     string `json:"fate" enum:"confirmed,pending,forfeited"`
}

// EvidenceInput asks for a session of one's own.
type EvidenceInput struct {
	IDPath
	BeatsInput
}

// BeatsInput chooses a page of beats.
type BeatsInput struct {
	After int64 `query:"after_seq" minimum:"0" maximum:"2147483647" doc:"next_seq of the page before"`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Beats a page"`
}

func (s *Server) registerEvidence(a huma.API) {
	tags := []string{"Evidence"}
	register(a, identity.Own, huma.Operation{OperationID: "list-my-study-sessions", Method: http.MethodGet, Path: "/me/study-sessions", Tags: tags, Summary: "My study sessions, the last one first"}, s.mySessions)
	register(a, identity.Own, huma.Operation{OperationID: "get-my-evidence", Method: http.MethodGet, Path: "/me/study-sessions/{id}/evidence", Tags: tags, Summary: "What every second of one of my sessions rests on"}, s.myEvidence)
}
