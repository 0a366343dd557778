package simulate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// rules are the figures the oracle judges by; it has them from the documentation, not from the product.
type rules struct {
	graceMS, maxRate, segmentMS int64
	completeShare               int64
	windowMS, gapMS, meanMS     int64 // of presence checks, as simulated
}

var documented = rules{graceMS: 180_000, maxRate: 200, segmentMS: 6000, completeShare: 95, windowMS: 30_000, gapMS: 6000, meanMS: 20_000}

// beatKey names a beat of a history.
type beatKey struct {
	session int
	seq     int64
}

// verdict collects what a history broke.
type verdict struct {
	r      *record
	rules  rules
	rowAt  map[beatKey]int   // in r.rows
	asked  map[beatKey][]int // in r.beats
	after  []lessonSum       // of the lesson, after each row
	sums   map[int]*lessonSum
	good   []bool // rows whose credit is confirmed
	broken []string
}

func (v *verdict) breach(promise, format string, a ...any) {
	v.broken = append(v.broken, promise+": "+fmt.Sprintf(format, a...))
}

// examine holds a history against every promise.
func examine(r *record, rules rules) []string {
	v := &verdict{r: r, rules: rules, rowAt: map[beatKey]int{}, asked: map[beatKey][]int{}}
	for i, e := range r.rows {
		v.rowAt[beatKey{e.session, e.seq}] = i
	}
	for i, b := range r.beats {
		k := beatKey{b.session, b.seq}
		v.asked[k] = append(v.asked[k], i)
	}
	for _, check := range []func(){
		v.presence, v.clock, v.delivered, v.covered, v.budget, v.once, v.answers, v.rate, v.reading, v.oneLive, v.lease, v.fencedAreSentNothing, v.durable, v.completion,
		v.honest, v.honestPresence, v.chain, v.neverRewritten,
	} {
		check()
	}
	return v.broken
}

// clock: no moment is credited twice or before it came, over all sessions of the person.
func (v *verdict) clock() {
	const promise = "never more than the clock"
	rows := slices.Clone(v.r.rows)
	slices.SortStableFunc(rows, func(a, b row) int { return int(a.creditFrom - b.creditFrom) })
	var until, sum int64
	for _, e := range rows {
		if e.creditMS == 0 {
			continue
		}
		if e.creditFrom < until {
			v.breach(promise, "S%d #%d is credited from %d, but the clock is used up to %d", e.session, e.seq, e.creditFrom, until)
		}
		until = max(until, e.creditFrom+e.creditMS)
		sum += e.creditMS
		if until > e.atMS || e.atMS > v.r.endMS+v.r.skewMS {
			v.breach(promise, "S%d #%d is credited up to %d, but was judged at %d and the history ended at %d", e.session, e.seq, until, e.atMS, v.r.endMS)
		}
		if opened := v.r.sessions[e.session].openedMS; e.creditFrom < opened {
			v.breach(promise, "S%d #%d is credited from %d, before the session was opened at %d", e.session, e.seq, e.creditFrom, opened)
		}
	}
	first := v.r.endMS
	for _, s := range v.r.sessions {
		first = min(first, s.openedMS)
	}
	if sum > v.r.endMS+v.r.skewMS-first {
		v.breach(promise, "%d ms are credited in %d ms", sum, v.r.endMS-first)
	}
	for _, b := range v.r.beats {
		if e, found := v.rowOf(b.session, b.seq); found && b.ok() && e.atMS > b.end.ms+v.r.skewMS {
			v.breach(promise, "S%d #%d was judged at %d, after it was answered at %d", b.session, b.seq, e.atMS, b.end.ms)
		}
	}
}

func (v *verdict) rowOf(session int, seq int64) (row, bool) {
	i, found := v.rowAt[beatKey{session, seq}]
	if !found {
		return row{}, false
	}
	return v.r.rows[i], true
}

// sent are the beats that a row of evidence may come from, in the order they were sent.
func (v *verdict) sent(e row) (out []*beatAct) {
	for _, i := range v.asked[beatKey{e.session, e.seq}] {
		if b := &v.r.beats[i]; bytes.Equal(b.report, e.report) {
			out = append(out, b)
		}
	}
	return out
}

// spansOf reads a report as docs/study-time.md describes it.
func spansOf(report []byte) (out []span) {
	if len(report) > replyBytes && report[0]&hasReply != 0 {
		report = report[:len(report)-replyBytes]
	}
	for at := 1; at+10 <= len(report); at += 10 {
		out = append(out, span{int64(binary.BigEndian.Uint32(report[at:])), int64(binary.BigEndian.Uint32(report[at+4:])), int64(binary.BigEndian.Uint16(report[at+8:]))})
	}
	return out
}

// honest: a device that keeps to the rules is refused nothing, unless the
// person ended its session, and is credited what it played. What was sent is
// forgotten with Redis if it was not written yet; fetched again and claimed
// again it counts.
func (v *verdict) honest() {
	const promise = "honest people lose nothing"
	for _, b := range v.r.beats {
		if b.ok() || b.code == lost || !v.r.sessions[b.session].honest {
			continue
		}
		if (b.code == "fenced" || b.code == "session-closed") && v.mayHaveEnded(b.session, b.end.order, false) {
			continue
		}
		if b.code == "not-delivered" && v.r.forgot[b.session] {
			continue // settled tells whether it was credited in the end
		}
		v.breach(promise, "S%d #%d was refused: %s", b.session, b.seq, b.code)
	}
	for i, s := range v.r.sessions {
		var sum int64
		for _, e := range v.r.rows {
			if e.session == i {
				sum += e.creditMS
			}
		}
		if s.stuck {
			v.breach(promise, "S%d tried again and again and got no answer", i)
		}
		if s.honest && s.settled && sum != s.playedMS {
			v.breach(promise, "S%d played %d ms and was credited %d", i, s.playedMS, sum)
		}
	}
}
