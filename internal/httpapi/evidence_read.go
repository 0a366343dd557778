package httpapi

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

func (s *Server) mySessions(ctx context.Context, in *ListInput) (*Body[SessionRecords], error) {
	var before *int64
	if in.Cursor != "" {
		fence, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || fence < 0 {
			return nil, fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		before = &fence
	}
	items, more, err := s.svc.Evidence.Records(ctx, identity.ActorFrom(ctx).PersonID, in.Limit, before)
	if err != nil {
		return nil, err
	}
	page := SessionRecords{Items: recordsOf(items)}
	if more {
		page.NextCursor = new(strconv.FormatInt(items[len(items)-1].Fence, 10))
	}
	return &Body[SessionRecords]{page}, nil
}

func (s *Server) myEvidence(ctx context.Context, in *EvidenceInput) (*Body[SessionEvidence], error) {
	e, err := s.svc.Evidence.Evidence(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if e.PersonID != identity.ActorFrom(ctx).PersonID {
		return nil, errNotYours
	}
	return &Body[SessionEvidence]{evidenceOf(e, in.BeatsInput)}, nil
}

// errNotYours does not say whether it exists: that is nobody else's business.
var errNotYours = fault.Nothing()

func recordsOf(items []study.Record) []SessionRecord {
	out := make([]SessionRecord, len(items))
	for i, r := range items {
		out[i] = recordOf(r)
	}
	return out
}

func recordOf(r study.Record) SessionRecord {
	out := SessionRecord{
		ID: r.ID, LessonID: r.LessonID, Lesson: Text(r.Lesson), Course: Text(r.Course), Kind: "video", Device: r.Device,
		OpenedAt: time.UnixMilli(r.OpenedMS).UTC(), Beats: r.Beats, CreditS: int(r.CreditMS / 1000),
	}
	if r.Reading() {
		out.Kind = "reading"
	}
	if r.ClosedMS > 0 {
		out.ClosedAt = new(time.UnixMilli(r.ClosedMS).UTC())
	}
	return out
}

var fateNames = map[study.Fate]string{study.FateWaiting: "pending", study.FateConfirmed: "confirmed", study.FateForfeited: "forfeited"}

func evidenceOf(e study.Evidence, page BeatsInput) SessionEvidence {
	sums, head := e.Sums(), e.Head()
	out := SessionEvidence{
		SessionRecord: recordOf(e.Record), ConfirmedS: int(sums.ConfirmedMS / 1000), PendingS: int(sums.WaitingMS / 1000), ForfeitedS: int(sums.ForfeitedMS / 1000),
		WindowS: int(e.WindowMS / 1000), Whole: e.Whole, Intact: e.Whole && e.Intact(), Head: hex.EncodeToString(head[:]),
		Timeline: []CreditStretch{}, BeatsMS: []int64{}, LateMS: []int64{}, Checks: []CheckRecord{}, Rows: []BeatRecord{},
	}
	for _, st := range e.Timeline() {
		out.Timeline = append(out.Timeline, CreditStretch{st.FromMS - e.OpenedMS, st.ToMS - e.OpenedMS, fateNames[st.Fate]})
	}
	late := e.Late()
	for i, r := range e.Rows {
		out.LengthMS = r.AtMS - e.OpenedMS
		out.BeatsMS = append(out.BeatsMS, out.LengthMS)
		if late[i] {
			out.LateMS = append(out.LateMS, out.LengthMS)
		}
	}
	for _, c := range integrity.ChecksOf(e.Record, e.Rows) {
		out.Checks = append(out.Checks, checkOf(c, e.OpenedMS))
	}
	out.Rows, out.NextSeq = beatPage(e, page)
	return out
}

func checkOf(c integrity.Check, openedMS int64) CheckRecord {
	out := CheckRecord{AskedMS: c.AskedMS - openedMS, Question: c.Question, Outcome: "open"}
	if c.EndedSeq == 0 {
		return out
	}
	out.EndedMS = new(c.EndedMS - openedMS)
	switch {
	case c.Right:
		out.Outcome = "passed"
	case c.Answered:
		out.Outcome = "wrong"
	default:
		out.Outcome = "missed"
	}
	if c.Timed() {
		out.ReactionMS = new(c.ReactionMS())
	}
	return out
}

var stateNames = [...]string{study.Playing: "playing", study.Paused: "paused", study.Buffering: "buffering", study.Ended: "ended"}

// beatPage is a page of the beats, in the order they came.
func beatPage(e study.Evidence, in BeatsInput) (out []BeatRecord, next *int64) {
	fates := e.Fates()
	out = []BeatRecord{}
	for i, r := range e.Rows {
		if r.Seq <= in.After {
			continue
		}
		if len(out) == max(1, in.Limit) {
			return out, new(out[len(out)-1].Seq)
		}
		b := BeatRecord{Seq: r.Seq, AtMS: r.AtMS - e.OpenedMS, CreditMS: r.CreditMS, State: stateNames[study.Playing], Spans: []Span{}, Fate: fateNames[fates[i]]}
		if report, err := study.UnpackReport(r.Report); err == nil {
			b.State, b.Visible = stateNames[report.State], report.Visible
			for _, s := range report.Spans {
				b.Spans = append(b.Spans, Span{s.FromMS, s.ToMS, s.Rate.Float()})
			}
		}
		out = append(out, b)
	}
	return out, nil
}
