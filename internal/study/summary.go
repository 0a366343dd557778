package study

import (
	"crypto/sha256"
	"errors"
	"hash"
	"slices"
)

// Summary is the evidence of a session that has ended, in short. It proves its
// beats while they are there, and leads to the same figures when they are gone.
type Summary struct {
	Beats  int64
	States [4]int64 // how many beats said so: playing, paused, buffering, ended
	Hidden int64    // how many said that the page was not visible
	Clock  []Run    // what of the clock was credited, in milliseconds since 1970
	Media  []Run    // what was played, in media milliseconds
	// Chapters are what happened to presence, in order.
	Chapters []Chapter
	Part     Run // of the second the playhead stood in at the end
	ResumeMS int64
	Check    Check // that was open at the end
	Last     Row   // the last beat: what of it a State stands on
	Before   Chain // the link before the last beat's
	Digest   [sha256.Size]byte
}

// Chapter is beats up to one that meant something for presence: the first
// Beats-1 were Waiting. Where nobody is asked, all in a row that are Confirmed.
type Chapter struct {
	Beats    int64
	LastMS   int64 // when its last beat came
	CreditMS int64
	Outcome  Outcome // of its last beat
	Seconds  Bits    // of the lesson that were played whole in it
}

// Summarizer makes the summary of a session, beat by beat.
type Summarizer struct {
	sum    Summary
	s      State
	meta   Meta
	digest hash.Hash
	buf    []byte
	now    Chapter
}

// NewSummarizer begins with the lesson as the session found it: a second may
// have been begun before, a check have been open.
func NewSummarizer(m Meta, start State, first Chain) *Summarizer {
	s := State{OpenedMS: m.OpenedMS, DurationMS: m.DurationMS, WindowMS: start.WindowMS, Part: start.Part, ResumeMS: start.ResumeMS, Check: start.Check, Chain: first}
	s.Rearm()
	return &Summarizer{s: s, meta: m, digest: sha256.New()}
}

// ErrBroken says that a beat does not follow from the one before it.
var ErrBroken = errors.New("the chain of beats is broken")

// Add adds the next beat; ErrBroken when it is not the next one, or was changed.
func (z *Summarizer) Add(r Row) error {
	if r.Seq != z.s.Seq+1 || r.Chain != Link(z.s.Chain, z.meta.ID, r.Seq, r.AtMS, r.Report) {
		return ErrBroken
	}
	report, err := UnpackReport(r.Report)
	if err != nil {
		return err
	}
	z.buf = appendDigested(z.buf[:0], r)
	z.digest.Write(z.buf)
	z.sum.count(report)
	z.sum.credit(r)
	claim := claimOf(report.Spans, z.meta.DurationMS)
	z.sum.played(claim.Runs)
	z.s.Stand(r)
	z.s.play(claim)
	c := &z.now
	c.Beats, c.LastMS, c.CreditMS, c.Outcome, c.Seconds = c.Beats+1, r.AtMS, c.CreditMS+r.CreditMS, r.Presence, z.s.Pending
	if r.Presence != Waiting {
		z.turn()
	}
	z.s.attended(r)
	return nil
}

// turn ends a chapter.
func (z *Summarizer) turn() {
	if z.now.Beats > 0 {
		z.sum.chapter(z.now)
	}
	z.now, z.s.Pending = Chapter{}, nil
}

// Summary is what came out.
func (z *Summarizer) Summary() *Summary {
	z.turn()
	sum, s := &z.sum, &z.s
	sum.Media = union(sum.Media)
	sum.Part, sum.ResumeMS, sum.Check, sum.Before = s.Part, s.ResumeMS, s.Check, s.PrevChain
	sum.Last = Row{Seq: s.Seq, AtMS: s.LastMS, CreditFromMS: s.CreditFromMS, CreditMS: s.CreditMS, Report: s.Report, Chain: s.Chain, Presence: s.Outcome}
	z.digest.Sum(sum.Digest[:0])
	return sum
}

// manyRuns is how many runs of media are gathered before they are joined.
const manyRuns = 4096

func (sum *Summary) played(runs []Run) {
	if sum.Media = append(sum.Media, runs...); len(sum.Media) > manyRuns {
		sum.Media = union(sum.Media)
	}
}

func (sum *Summary) count(r Report) {
	sum.Beats++
	sum.States[r.State]++
	if !r.Visible {
		sum.Hidden++
	}
}

func (sum *Summary) credit(r Row) {
	if r.CreditMS == 0 {
		return
	}
	if n := len(sum.Clock); n > 0 && sum.Clock[n-1].To == r.CreditFromMS {
		sum.Clock[n-1].To += r.CreditMS
		return
	}
	sum.Clock = append(sum.Clock, Run{r.CreditFromMS, r.CreditFromMS + r.CreditMS})
}

func (sum *Summary) chapter(c Chapter) {
	if n := len(sum.Chapters); n > 0 && c.Beats == 1 && c.Outcome == Confirmed && sum.Chapters[n-1].Outcome == Confirmed {
		last := &sum.Chapters[n-1]
		last.Beats, last.LastMS, last.CreditMS, last.Seconds = last.Beats+1, c.LastMS, last.CreditMS+c.CreditMS, last.Seconds.Union(c.Seconds)
		return
	}
	c.Seconds = slices.Clone(c.Seconds)
	sum.Chapters = append(sum.Chapters, c)
}

// CreditMS is what the session was credited, whatever became of it.
func (sum *Summary) CreditMS() (ms int64) {
	for _, c := range sum.Chapters {
		ms += c.CreditMS
	}
	return ms
}

// Sums are what became of it.
func (sum *Summary) Sums() (s Sums) {
	for _, c := range sum.Chapters {
		s.add(c.CreditMS, c.Outcome)
	}
	return s
}

// Recall adds a session as its summary has it: what Replay does with its beats.
func (s *State) Recall(sum *Summary) {
	for _, c := range sum.Chapters {
		s.PendingMS += c.CreditMS
		s.UncheckedMS += c.CreditMS
		for _, i := range c.Seconds.Intervals() {
			for n := int64(i[0]); n < int64(i[1]); n++ {
				if s.Covered.Has(n) {
					continue
				}
				var isNew bool
				if s.Pending, isNew = s.Pending.With(n); isNew {
					s.PendingS++
				}
			}
		}
		switch c.Outcome {
		case Confirmed, Passed:
			s.pass()
		case Finished:
			s.confirm()
		case Missed:
			s.miss(Chain{})
		case Waiting, Asked, Wrong, Extended:
		}
	}
	if sum.Beats == 0 {
		return
	}
	s.Stand(sum.Last)
	s.PrevChain, s.Part, s.ResumeMS, s.Check = sum.Before, sum.Part, sum.ResumeMS, sum.Check
}

// appendDigested is what of a beat goes into the digest of its session.
func appendDigested(b []byte, r Row) []byte {
	b = be.AppendUint32(b, uint32(r.Seq))
	b = be.AppendUint64(b, uint64(r.AtMS))
	b = be.AppendUint64(b, uint64(r.CreditFromMS))
	b = be.AppendUint32(b, uint32(r.CreditMS))
	b = be.AppendUint16(b, uint16(r.Presence))
	b = be.AppendUint32(b, uint32(len(r.Report)))
	return append(append(b, r.Report...), r.Chain[:]...)
}
