package simulate

import (
	"slices"
)

// delivered: what is credited was sent to this session before the beat was answered, and what is covered was played.
func (v *verdict) delivered() {
	const promise = "never more than was delivered"
	for _, e := range v.r.rows {
		beats := v.sent(e)
		if len(beats) == 0 {
			continue // told by once
		}
		before := v.deliveredBefore(e.session, judgedBy(beats))
		for _, s := range beats[0].spans {
			last := (v.snapped(e.session, s.to) - 1) / v.rules.segmentMS
			for n := s.from / v.rules.segmentMS; n <= last; n++ {
				if !before[n] {
					v.breach(promise, "S%d #%d holds segment %d, which the session was not sent before", e.session, e.seq, n)
				}
			}
		}
	}
	for _, last := range v.r.rebuilds {
		lesson := v.r.sessions[last.session].lesson
		most, least := v.playedSeconds(lesson)
		for s := range last.covered {
			if !most[s] {
				v.breach(promise, "second %d of lesson %d is covered, but was never played whole", s, lesson)
			}
		}
		for s := range least {
			if !last.covered[s] {
				v.breach("honest people lose nothing", "second %d of lesson %d was played whole, but is not covered", s, lesson)
			}
		}
	}
}

// judgedBy is the place in the order by which a beat was judged: when it was first answered, else when it was last tried.
func judgedBy(beats []beatAct) int {
	for _, b := range beats { // in the order in which they ended
		if b.ok() {
			return b.end.order
		}
	}
	return beats[len(beats)-1].end.order
}

// snapped is an end near the lesson's end as the end.
func (v *verdict) snapped(session int, to int64) int64 {
	if length := v.r.lessons[v.r.sessions[session].lesson]; to >= length-250 {
		return length
	}
	return to
}

func (v *verdict) deliveredBefore(session, order int) map[int64]bool {
	out := map[int64]bool{}
	for _, d := range v.r.delivers {
		// Still under way while the beat was judged is soon enough.
		if d.session == session && d.begin.order < order {
			out[d.segment] = true
		}
	}
	return out
}

// playedSeconds are the seconds of a lesson that all its evidence together
// holds whole, and those that one beat alone, or two that follow one another, hold.
func (v *verdict) playedSeconds(lesson int) (most, least map[int64]bool) {
	length := v.r.lessons[lesson]
	var all, before [][2]int64
	of := -1
	least = map[int64]bool{}
	for _, e := range v.r.rows {
		if v.r.sessions[e.session].lesson != lesson {
			continue
		}
		now := v.intervals(e)
		if len(now) == 0 {
			continue
		}
		all = append(all, now...)
		wholeSeconds(least, now, length)
		if of == e.session && len(before) > 0 {
			// Played on from where the beat before ended: a second cut by that is whole.
			if at := before[len(before)-1]; now[0][0] == at[1] {
				wholeSeconds(least, [][2]int64{{max(at[0], at[1]-1000), now[0][1]}}, length)
			}
		}
		of, before = e.session, now
	}
	most = map[int64]bool{}
	wholeSeconds(most, all, length)
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
func wholeSeconds(into map[int64]bool, parts [][2]int64, length int64) {
	sorted := slices.Clone(parts)
	slices.SortFunc(sorted, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	for i := 0; i < len(sorted); {
		from, to := sorted[i][0], sorted[i][1]
		for i++; i < len(sorted) && sorted[i][0] <= to; i++ {
			to = max(to, sorted[i][1])
		}
		for s := (from + 999) / 1000; s*1000 < to && min((s+1)*1000, length) <= to; s++ {
			into[s] = true
		}
	}
}

// budget: media sent stays within the time since the opening and the look-ahead.
func (v *verdict) budget() {
	const lookAheadMS = 60_000
	for i, s := range v.r.sessions {
		had, sum := map[int64]bool{}, int64(0)
		for _, d := range v.r.delivers {
			if d.session != i || !d.ok() || had[d.segment] {
				continue
			}
			had[d.segment] = true
			sum += min(v.rules.segmentMS, v.r.lessons[s.lesson]-d.segment*v.rules.segmentMS)
			if most := (d.end.ms+v.r.skewMS-s.openedMS)*v.rules.maxRate/100 + lookAheadMS; sum > most && !v.r.exempt[i] {
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
		for _, s := range spansOf(e.report) {
			media += s.to - s.from
			if s.rate > v.rules.maxRate {
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
