package integrity_test

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// script writes the evidence of sessions the way the judge would have left it.
type script struct {
	study.Record
	rows []study.Row
	at   int64
}

var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// opened is a session that begins so long after Monday's midnight.
func opened(after time.Duration) *script {
	s := &script{at: monday.Add(after).UnixMilli()}
	s.ID, s.OpenedMS, s.WindowMS = uuid.New(), s.at, 120_000
	return s
}

// beat comes so many milliseconds after the one before and was credited all of them.
func (s *script) beat(afterMS int64, o study.Outcome, reply *study.Reply) *script {
	return s.beatOf(study.Report{State: study.Playing, Visible: true, Reply: reply}, afterMS, afterMS, o)
}

func (s *script) beatOf(r study.Report, afterMS, creditMS int64, o study.Outcome) *script {
	from := s.at
	s.at += afterMS
	s.rows = append(s.rows, study.Row{Seq: int64(len(s.rows)) + 1, AtMS: s.at, CreditFromMS: from, CreditMS: creditMS, Report: study.PackReport(r), Presence: o})
	return s
}

// play is plain beats for so long, each up to jitter milliseconds off.
func (s *script) play(rng *rand.Rand, d time.Duration, jitter int64) *script {
	for end := s.at + d.Milliseconds(); s.at < end; {
		off := int64(0)
		if jitter > 0 {
			off = rng.Int64N(2*jitter+1) - jitter
		}
		s.beat(15_000+off, study.Waiting, nil)
	}
	return s
}

// check is asked, and answered after so many milliseconds.
func (s *script) check(reactionMS int64, o study.Outcome, question bool) *script {
	s.beat(15_000, study.Asked, nil)
	return s.answer(reactionMS, o, question)
}

func (s *script) answer(reactionMS int64, o study.Outcome, question bool) *script {
	reply := &study.Reply{}
	if question {
		reply.Mask = 2
	}
	return s.beat(reactionMS, o, reply)
}

// missed is asked, and nobody was there; afterwards the person goes on.
func (s *script) missed() *script {
	s.beat(15_000, study.Asked, nil)
	for range 8 {
		s.beat(15_000, study.Waiting, nil)
	}
	s.beat(15_000, study.Missed, nil)
	return s.answer(3_600_000, study.Passed, false)
}

func (s *script) digest() integrity.Digest {
	return integrity.DigestOf(integrity.Policy{}.OrDefaults(), s.Record, s.rows)
}

func historyOf(all ...*script) (h integrity.History) {
	for _, s := range all {
		h.Digests = append(h.Digests, s.digest())
	}
	return h
}

func kindsOf(found []integrity.Finding) (kinds []integrity.Kind) {
	for _, f := range found {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func judged(h integrity.History) []integrity.Finding {
	return integrity.Judge(integrity.Policy{}.OrDefaults(), h)
}
