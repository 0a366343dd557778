package simulate

import (
	"slices"
)

// delivered: what is credited was sent to this session before the beat was answered.
func (v *verdict) delivered() {
	for _, e := range v.r.rows {
		beats := v.sent(e)
		if len(beats) == 0 || len(beats[0].spans) == 0 {
			continue // told by once
		}
		before := v.deliveredBefore(e.session, judgedBy(beats))
		for _, s := range beats[0].spans {
			first, last := v.lessonOf(e.session).segments(s.from, v.snapped(e.session, s.to))
			for n := first; n <= last; n++ {
				if !before.has(n) {
					v.breach("never more than was delivered", "S%d #%d holds segment %d, which the session was not sent before", e.session, e.seq, n)
				}
			}
		}
	}
}

// covered: what is covered was played and confirmed, and what was played whole and confirmed is covered.
func (v *verdict) covered() {
	for _, last := range v.r.rebuilds {
		most, least := v.playedSeconds(last.lesson)
		if s := last.covered.beyond(most); s >= 0 {
			v.breach("never more than was delivered", "second %d of lesson %d is covered, but was never played whole and confirmed", s, last.lesson)
		}
		if s := least.beyond(last.covered); s >= 0 {
			v.breach("honest people lose nothing", "second %d of lesson %d was played whole and confirmed, but is not covered", s, last.lesson)
		}
	}
}

func (v *verdict) lessonOf(session int) lesson { return v.r.lessons[v.r.sessions[session].lesson] }

// judgedBy is the place in the order by which a beat was judged: when it was first answered, else when it was last tried.
func judgedBy(beats []*beatAct) int {
	for _, b := range beats { // in the order in which they ended
		if b.ok() {
			return b.end.order
		}
	}
	return beats[len(beats)-1].end.order
}

// snapped is an end near the lesson's end as the end.
func (v *verdict) snapped(session int, to int64) int64 {
	if length := v.lessonOf(session).lengthMS; to >= length-250 {
		return length
	}
	return to
}

func (v *verdict) deliveredBefore(session, order int) (out set) {
	for _, d := range v.r.delivers {
		// Still under way while the beat was judged is soon enough.
		if d.session == session && d.begin.order < order {
			out.add(d.segment)
		}
	}
	return out
}

// playedSeconds are the seconds of a lesson that all its confirmed evidence
// together holds whole, and those that one beat alone, or two that follow one
// another, hold.
func (v *verdict) playedSeconds(lesson int) (most, least set) {
	length := v.r.lessons[lesson].lengthMS
	var all, before [][2]int64
	of := -1
	for i, e := range v.r.rows {
		if v.r.sessions[e.session].lesson != lesson {
			continue
		}
		now := v.intervals(e)
		if len(now) == 0 {
			continue
		}
		if !v.good[i] {
			before = nil
			continue
		}
		all = append(all, now...)
		wholeSeconds(&least, now, length)
		if of == e.session && len(before) > 0 {
			// Played on from where the beat before ended: a second cut by that is whole.
			if at := before[len(before)-1]; now[0][0] == at[1] {
				wholeSeconds(&least, [][2]int64{{max(at[0], at[1]-1000), now[0][1]}}, length)
			}
		}
		of, before = e.session, now
	}
	wholeSeconds(&most, all, length)
	return most, least
}

// intervals are a row's spans in the order they were played.
func (v *verdict) intervals(e row) (out [][2]int64) {
	for _, s := range spansOf(e.report) {
		out = append(out, [2]int64{s.from, v.snapped(e.session, s.to)})
	}
	return out
}

// wholeSeconds adds the seconds of a lesson that the union of intervals holds whole.
func wholeSeconds(into *set, parts [][2]int64, length int64) {
	sorted := slices.Clone(parts)
	slices.SortFunc(sorted, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	for i := 0; i < len(sorted); {
		from, to := sorted[i][0], sorted[i][1]
		for i++; i < len(sorted) && sorted[i][0] <= to; i++ {
			to = max(to, sorted[i][1])
		}
		for s := (from + 999) / 1000; s*1000 < to && min((s+1)*1000, length) <= to; s++ {
			into.add(s)
		}
	}
}

// budget: media sent stays within the time since the opening and the
// look-ahead. What was forgotten with Redis is free again.
func (v *verdict) budget() {
	const lookAheadMS = 60_000
	for i, s := range v.r.sessions {
		l := v.lessonOf(i)
		if v.r.forgot[i] || l.reading() {
			continue
		}
		var had set
		var sum int64
		for _, d := range v.r.delivers {
			if d.session != i || !d.ok() || had.has(d.segment) {
				continue
			}
			had.add(d.segment)
			sum += min(v.rules.segmentMS, l.lengthMS-d.segment*v.rules.segmentMS)
			if most := (d.end.ms+v.r.skewMS-s.openedMS)*v.rules.maxRate/100 + lookAheadMS; sum > most {
				v.breach("never more than was delivered", "S%d was sent %d ms of media when %d were allowed", i, sum, most)
			}
		}
	}
}

// rate: no span above the allowed rate, and no beat more than the window allows.
func (v *verdict) rate() {
	const promise = "rate"
	for _, e := range v.r.rows {
		var media int64
		most := v.rules.maxRate
		if v.lessonOf(e.session).reading() {
			most = 100 // nobody reads a second in less
		}
		for _, s := range spansOf(e.report) {
			media += s.to - s.from
			if s.rate > most {
				v.breach(promise, "S%d #%d was played at %d/100", e.session, e.seq, s.rate)
			}
		}
		if window := e.atMS - e.creditFrom; media*100 > max(0, window)*v.rules.maxRate {
			v.breach(promise, "S%d #%d holds %d ms of media in a window of %d", e.session, e.seq, media, window)
		}
		if e.creditFrom < e.atMS-v.rules.graceMS {
			v.breach(promise, "S%d #%d is credited from %d, beyond the grace at %d", e.session, e.seq, e.creditFrom, e.atMS)
		}
	}
}

// reading: a document is read in the foreground, and no longer than it gives time for.
func (v *verdict) reading() {
	for i, e := range v.r.rows {
		l := v.lessonOf(e.session)
		if !l.reading() || e.creditMS == 0 {
			continue
		}
		if e.report[0]&visible == 0 {
			v.breach("reading", "S%d #%d was read in the background", e.session, e.seq)
		}
		if sum := v.after[i]; sum.confirmedMS+sum.pendingMS > l.lengthMS {
			v.breach("reading", "S%d #%d: %d ms are credited in a document of %d", e.session, e.seq, sum.confirmedMS+sum.pendingMS, l.lengthMS)
		}
	}
}
