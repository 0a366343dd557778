package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// rules are the figures the oracle judges by; it has them from the documentation, not from the product.
type rules struct {
	graceMS, maxRate, segmentMS int64
	completeShare               int64
}

var documented = rules{graceMS: 180_000, maxRate: 200, segmentMS: 6000, completeShare: 95}

// verdict collects what a history broke.
type verdict struct {
	r      *record
	rules  rules
	broken []string
}

func (v *verdict) breach(promise, format string, a ...any) {
	v.broken = append(v.broken, promise+": "+fmt.Sprintf(format, a...))
}

// examine holds a history against every promise.
func examine(r *record, rules rules) []string {
	v := &verdict{r: r, rules: rules}
	for _, check := range []func(){
		v.clock, v.delivered, v.budget, v.once, v.answers, v.rate, v.oneLive, v.lease, v.fencedAreSentNothing, v.durable, v.completion, v.honest, v.chain, v.neverRewritten,
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
	for _, e := range v.r.rows {
		if e.session == session && e.seq == seq {
			return e, true
		}
	}
	return row{}, false
}

// sent are the beats that a row of evidence may come from, in the order they were sent.
func (v *verdict) sent(e row) (out []beatAct) {
	for _, b := range v.r.beats {
		if b.session == e.session && b.seq == e.seq && bytes.Equal(b.report, e.report) {
			out = append(out, b)
		}
	}
	return out
}

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

// spansOf reads a report as docs/study-time.md describes it.
func spansOf(report []byte) (out []span) {
	for at := 1; at+10 <= len(report); at += 10 {
		out = append(out, span{int64(binary.BigEndian.Uint32(report[at:])), int64(binary.BigEndian.Uint32(report[at+4:])), int64(binary.BigEndian.Uint16(report[at+8:]))})
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

// once: what is answered is one row, and every row was asked for.
func (v *verdict) once() {
	const promise = "once is once"
	type beat struct {
		session int
		seq     int64
	}
	seen := map[beat]bool{}
	for _, e := range v.r.rows {
		id := beat{e.session, e.seq}
		if seen[id] {
			v.breach(promise, "S%d #%d is there twice", e.session, e.seq)
		}
		seen[id] = true
		if len(v.sent(e)) == 0 {
			v.breach(promise, "S%d #%d is evidence of a report that nobody sent", e.session, e.seq)
		}
		if want := wallOf(spansOf(e.report)); e.creditMS != want {
			v.breach(promise, "S%d #%d is credited %d ms for %d ms of playing", e.session, e.seq, e.creditMS, want)
		}
	}
	first := map[beat]beatAct{}
	for _, b := range v.r.beats {
		id := beat{b.session, b.seq}
		if !b.ok() {
			continue
		}
		if !seen[id] {
			v.breach("acknowledged is durable", "S%d #%d was answered, but there is no evidence of it", b.session, b.seq)
		}
		if f, again := first[id]; again && (f.token != b.token || f.verifiedMS != b.verifiedMS || !same(f.covered, b.covered)) {
			v.breach(promise, "S%d #%d was answered twice and differently", b.session, b.seq)
		} else if !again {
			first[id] = b
		}
	}
}

func same(a, b map[int64]bool) bool { return len(a) == len(b) && within(a, b) }

func within(a, b map[int64]bool) bool {
	for s := range a {
		if !b[s] {
			return false
		}
	}
	return true
}

// answers: what is told is what the evidence up to there comes to.
func (v *verdict) answers() {
	for _, b := range v.r.beats {
		if !b.ok() {
			continue
		}
		var sum int64
		for _, e := range v.r.rows {
			if v.sameLesson(e.session, b.session) && (v.later(b.session, e.session) || e.session == b.session && e.seq <= b.seq) {
				sum += e.creditMS
			}
		}
		if sum != b.verifiedMS {
			v.breach("once is once", "S%d #%d was told %d ms, the evidence comes to %d", b.session, b.seq, b.verifiedMS, sum)
		}
	}
}

func (v *verdict) sameLesson(a, b int) bool { return v.r.sessions[a].lesson == v.r.sessions[b].lesson }

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

// oneLive: from the moment a take-over is answered the session before gets nothing new acknowledged.
func (v *verdict) oneLive() {
	for _, e := range v.r.rows {
		beats := v.sent(e)
		if len(beats) == 0 {
			continue
		}
		for _, o := range v.r.opens {
			if o.ok() && v.later(o.session, e.session) && o.end.order < firstSent(beats) {
				v.breach("one live session", "S%d #%d was taken after S%d had been opened", e.session, e.seq, o.session)
			}
		}
	}
}

func firstSent(beats []beatAct) int {
	first := beats[0].begin.order
	for _, b := range beats {
		first = min(first, b.begin.order)
	}
	return first
}

// later says whether session a holds a later lease than b.
func (v *verdict) later(a, b int) bool { return v.r.sessions[a].fence > v.r.sessions[b].fence }

// lease: nobody is fenced by one who did not ask to take over, within the grace.
func (v *verdict) lease() {
	for _, o := range v.r.opens {
		if !o.ok() || o.takeOver {
			continue
		}
		before := v.holderBefore(o)
		if before < 0 || v.mayHaveEnded(before, o.end.order, true) {
			continue
		}
		if seen := v.seen(before, o.begin.order); o.begin.ms-seen < v.rules.graceMS-2*v.r.skewMS {
			v.breach("one live session", "S%d was opened beside S%d, which was live %d ms before, without a take-over", o.session, before, o.begin.ms-seen)
		}
	}
}

// holderBefore is the last session that was answered before an opening began; -1: none.
func (v *verdict) holderBefore(o openAct) int {
	best := -1
	for _, p := range v.r.opens {
		if p.ok() && p.end.order < o.begin.order && (best < 0 || v.later(p.session, best)) {
			best = p.session
		}
	}
	return best
}

// seen is when a session was last heard of, by the evidence of what was answered.
func (v *verdict) seen(session, order int) int64 {
	at := v.r.sessions[session].openedMS
	for _, b := range v.r.beats {
		if b.session == session && b.ok() && b.end.order < order {
			if e, found := v.rowOf(b.session, b.seq); found {
				at = max(at, e.atMS)
			}
		}
	}
	return at
}

// mayHaveEnded says whether anybody asked, before then, for something that ends a session.
func (v *verdict) mayHaveEnded(session, order int, takeOversOnly bool) bool {
	opened := 0
	for _, o := range v.r.opens {
		if o.session == session && o.ok() {
			opened = o.begin.order // what was asked while it opened may have come just after
		}
	}
	for _, o := range v.r.opens {
		if o.session != session && o.end.order > opened && o.begin.order < order && (o.takeOver || !takeOversOnly) {
			return true
		}
	}
	for _, e := range v.r.ends {
		if (e.session == session || e.session < 0) && e.end.order > opened && e.begin.order < order {
			return true
		}
	}
	return false
}

// fencedAreSentNothing: a session that was taken over is not sent segments it had not been sent.
func (v *verdict) fencedAreSentNothing() {
	for i, d := range v.r.delivers {
		if !d.ok() {
			continue
		}
		for _, o := range v.r.opens {
			if o.ok() && v.later(o.session, d.session) && o.end.order < d.begin.order && !v.hadBefore(i) {
				v.breach("one live session", "S%d was sent segment %d after S%d had been opened", d.session, d.segment, o.session)
			}
		}
	}
}

func (v *verdict) hadBefore(i int) bool {
	for _, d := range v.r.delivers[:i] {
		if d.session == v.r.delivers[i].session && d.segment == v.r.delivers[i].segment {
			return true
		}
	}
	return false
}

// durable: when Redis has lost everything, what was answered is still there.
func (v *verdict) durable() {
	const promise = "acknowledged is durable"
	for _, last := range v.r.rebuilds {
		var sum, seq int64
		for _, e := range v.r.rows {
			if v.sameLesson(e.session, last.session) {
				sum += e.creditMS
			}
			if e.session == last.session {
				seq = max(seq, e.seq)
			}
		}
		if sum != last.verifiedMS || seq != last.seq {
			v.breach(promise, "S%d is rebuilt with %d ms as of #%d, the evidence has %d ms as of #%d", last.session, last.verifiedMS, last.seq, sum, seq)
		}
		for _, b := range v.r.beats {
			if b.ok() && v.sameLesson(b.session, last.session) && !within(b.covered, last.covered) {
				v.breach(promise, "S%d #%d was told seconds that a rebuild does not find", b.session, b.seq)
			}
		}
	}
}

// completion: a lesson whose seconds are covered is told to be complete, once.
func (v *verdict) completion() {
	for _, last := range v.r.rebuilds {
		seconds := (v.r.lessons[v.r.sessions[last.session].lesson] + 999) / 1000
		want := 0
		if int64(len(last.covered))*100 >= seconds*v.rules.completeShare {
			want = 1
		}
		if last.completed != want {
			v.breach("once is once", "lesson %d with %d of %d s covered was told %d times to be complete", v.r.sessions[last.session].lesson, len(last.covered), seconds, last.completed)
		}
	}
}

// honest: a device that keeps to the rules is refused nothing, unless the
// person ended its session, and is credited what it played.
func (v *verdict) honest() {
	const promise = "honest people lose nothing"
	for _, b := range v.r.beats {
		if b.ok() || b.code == lost || !v.r.sessions[b.session].honest {
			continue
		}
		if (b.code == "fenced" || b.code == "session-closed") && v.mayHaveEnded(b.session, b.end.order, false) {
			continue
		}
		if b.code == "not-delivered" && v.r.exempt[b.session] {
			continue
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

// chain: every row follows from the one before.
func (v *verdict) chain() {
	const promise = "never rewritten"
	at, seqs := map[int][12]byte{}, map[int]int64{}
	for _, e := range v.r.rows {
		s := v.r.sessions[e.session]
		before, any := at[e.session]
		if !any {
			before = s.chain
		}
		seqs[e.session]++
		if seqs[e.session] != e.seq {
			v.breach(promise, "S%d has #%d where #%d should be", e.session, e.seq, seqs[e.session])
		}
		text := append(append([]byte{}, before[:]...), s.id[:]...)
		text = binary.BigEndian.AppendUint64(text, uint64(e.seq))
		text = binary.BigEndian.AppendUint64(text, uint64(e.atMS))
		sum := sha256.Sum256(append(text, e.report...))
		if [12]byte(sum[:12]) != e.chain {
			v.breach(promise, "S%d #%d does not follow from the row before", e.session, e.seq)
		}
		at[e.session] = e.chain
	}
}

// neverRewritten: what was there on the way is there at the end as it was.
func (v *verdict) neverRewritten() {
	for _, e := range v.r.early {
		now, found := v.rowOf(e.session, e.seq)
		if !found || now.atMS != e.atMS || now.creditFrom != e.creditFrom || now.creditMS != e.creditMS || now.chain != e.chain || !bytes.Equal(now.report, e.report) {
			v.breach("never rewritten", "S%d #%d is not what it was", e.session, e.seq)
		}
	}
}
