package faults

import "github.com/google/uuid"

// sum is one person's lesson, added up from its beats in the order they were credited.
type sum struct {
	creditMS int64
	seconds  [lessonS]bool
	from, to int64 // the piece that was played last, without a gap
}

const (
	lessonS = (lessonMS + 999) / 1000
	// endMS: who stops so little before the end, or less, has seen it.
	endMS = 250
)

// add adds a beat: a second counts when all of it was played without a gap.
func (s *sum) add(c claim, creditMS int64) {
	s.creditMS += creditMS
	if !c.played() {
		return
	}
	if c.span.FromMS != s.to {
		s.from = c.span.FromMS
	}
	if s.to = c.span.ToMS; s.to >= lessonMS-endMS {
		s.to = lessonMS
	}
	for n := range int64(lessonS) {
		if n*1000 >= s.from && min((n+1)*1000, lessonMS) <= s.to {
			s.seconds[n] = true
		}
	}
}

// adds says whether the figures come to the sum; each was cut to whole
// seconds. A beat that passes a check leaves nothing pending.
func (s *sum) adds(verifiedS, pendingS int, passed bool) bool {
	cut := s.creditMS/1000 - int64(verifiedS+pendingS)
	return cut == 0 && (!passed || pendingS == 0) || cut == 1 && !passed
}

// covers says whether intervals are just these seconds.
func (s *sum) covers(intervals [][2]int) bool {
	var said [lessonS]bool
	for _, x := range intervals {
		for n := max(0, x[0]); n < min(x[1], lessonS); n++ {
			said[n] = true
		}
	}
	return said == s.seconds
}

// figures: what people were told is what the beats up to there come to, and so
// is what is kept of the lesson as a whole.
func (v *verdict) figures() {
	answers := map[beatID]told{}
	for _, t := range v.told {
		answers[t.beatID] = t
	}
	sums := map[uuid.UUID]*sum{}
	for _, r := range v.rows {
		id := beatID{r.Session, r.Seq}
		enrolment := v.sessions[r.Session].Enrolment
		if sums[enrolment] == nil {
			sums[enrolment] = &sum{}
		}
		s := sums[enrolment]
		s.add(v.claims[id], r.Credit)
		t, answered := answers[id]
		if answered && (!s.adds(t.VerifiedS, t.PendingS, t.reply != "") || t.ForfeitedS > 0 || !s.covers(append(t.Covered, t.Pending...))) {
			v.breach(honest, "beat %d of session %s was told %d + %d s, %d forfeited, and %v + %v; the evidence comes to %d ms and %v",
				r.Seq, r.Session, t.VerifiedS, t.PendingS, t.ForfeitedS, t.Covered, t.Pending, s.creditMS, s.seconds)
		}
	}
	for id, s := range sums {
		t := v.totals[id]
		var kept [lessonS]bool
		for n := range kept {
			kept[n] = has(t.Covered, int64(n)) || has(t.PendingBits, int64(n))
		}
		if t.VerifiedMS+t.PendingMS != s.creditMS || t.ForfeitedMS > 0 || kept != s.seconds {
			v.breach(honest, "enrolment %s is kept with %d ms; its beats come to %d", id, t.VerifiedMS+t.PendingMS, s.creditMS)
		}
	}
}
