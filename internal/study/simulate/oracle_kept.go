package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// once: what is answered is one row, and every row was asked for.
func (v *verdict) once() {
	const promise = "once is once"
	seen := map[beatKey]bool{}
	for _, e := range v.r.rows {
		id := beatKey{e.session, e.seq}
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
	first := map[beatKey]*beatAct{}
	for i := range v.r.beats {
		b := &v.r.beats[i]
		id := beatKey{b.session, b.seq}
		if !b.ok() {
			continue
		}
		if !seen[id] {
			v.breach("acknowledged is durable", "S%d #%d was answered, but there is no evidence of it", b.session, b.seq)
		}
		if f := first[id]; f == nil {
			first[id] = b
		} else if !f.sameAnswer(b) {
			v.breach(promise, "S%d #%d was answered twice and differently", b.session, b.seq)
		}
	}
}

// sameAnswer: the token may be signed with another key by now.
func (b *beatAct) sameAnswer(c *beatAct) bool {
	return (b.key != c.key || b.token == c.token) && b.told.verifiedMS == c.told.verifiedMS && b.told.pendingMS == c.told.pendingMS &&
		b.told.forfeitedMS == c.told.forfeitedMS && b.told.asked.id == c.told.asked.id && b.told.covered.same(c.told.covered)
}

// answers: what is told is what the evidence up to there comes to.
func (v *verdict) answers() {
	for _, b := range v.r.beats {
		i, found := v.rowAt[beatKey{b.session, b.seq}]
		if !b.ok() || !found {
			continue // told by once
		}
		v.toldRight(fmt.Sprintf("S%d #%d", b.session, b.seq), b.told, v.after[i])
	}
	for _, o := range v.r.opens {
		if o.ok() {
			v.toldRight(fmt.Sprintf("the opening of S%d", o.session), o.told, v.before(o.session))
		}
	}
}

// before is the lesson of a session before its first beat.
func (v *verdict) before(session int) (sum lessonSum) {
	for i, e := range v.r.rows {
		if v.sameLesson(e.session, session) && v.later(session, e.session) {
			sum = v.after[i]
		}
	}
	return sum
}

func (v *verdict) toldRight(who string, t told, sum lessonSum) {
	if t.verifiedMS != sum.confirmedMS || t.pendingMS != sum.pendingMS || t.forfeitedMS != sum.forfeitedMS {
		v.breach("once is once", "%s was told %d ms, %d pending and %d forfeited; the evidence comes to %d, %d and %d", who,
			t.verifiedMS, t.pendingMS, t.forfeitedMS, sum.confirmedMS, sum.pendingMS, sum.forfeitedMS)
	}
	if t.asked.id != sum.check.id || t.asked.paused != sum.check.paused {
		v.breach("pending until confirmed", "%s was told of check %x, open is %x", who, t.asked.id, sum.check.id)
	}
}

func (v *verdict) sameLesson(a, b int) bool { return v.r.sessions[a].lesson == v.r.sessions[b].lesson }

// durable: when Redis has lost everything, what was answered is still there.
func (v *verdict) durable() {
	const promise = "acknowledged is durable"
	kept := map[int]bool{}
	for _, last := range v.r.rebuilds {
		kept[last.lesson] = true
		sum := v.sums[last.lesson]
		if sum == nil {
			sum = &lessonSum{}
		}
		if last.verifiedMS != sum.confirmedMS || last.pendingMS != sum.pendingMS || last.forfeitedMS != sum.forfeitedMS || !rebuiltAs(last.check, sum.check.id) {
			v.breach(promise, "lesson %d is rebuilt with %d ms, %d pending, %d forfeited and check %x; the evidence has %d, %d, %d and %x", last.lesson,
				last.verifiedMS, last.pendingMS, last.forfeitedMS, last.check, sum.confirmedMS, sum.pendingMS, sum.forfeitedMS, sum.check.id)
		}
		var seq int64
		for _, e := range v.r.rows {
			if e.session == last.session {
				seq = max(seq, e.seq)
			}
		}
		if seq != last.seq {
			v.breach(promise, "S%d is rebuilt as of #%d, the evidence has #%d", last.session, last.seq, seq)
		}
		for _, b := range v.r.beats {
			if b.ok() && v.r.sessions[b.session].lesson == last.lesson && b.told.covered.beyond(last.covered) >= 0 {
				v.breach(promise, "S%d #%d was told seconds that a rebuild does not find", b.session, b.seq)
			}
		}
	}
	for l := range v.sums {
		if !kept[l] {
			v.breach(promise, "lesson %d is not found again", l)
		}
	}
}

// rebuiltAs: where a check stands in its session (the last four bytes) is told
// by answers alone. Of one that no answer told only its beat's link is known here.
func rebuiltAs(x, id checkID) bool {
	if [4]byte(id[12:]) == [4]byte{} {
		return [12]byte(id[:12]) == [12]byte(x[:12])
	}
	return id == x
}

// completion: a lesson whose seconds are covered is told to be complete, once.
func (v *verdict) completion() {
	for _, last := range v.r.rebuilds {
		want := 0
		if v.complete(v.r.lessons[last.lesson], last.covered) {
			want = 1
		}
		if last.completed != want {
			v.breach("once is once", "lesson %d with %d s covered was told %d times to be complete", last.lesson, last.covered.count(), last.completed)
		}
	}
}

// complete: a share of a video's seconds, or so many of each page of a document.
func (v *verdict) complete(l lesson, covered set) bool {
	if !l.reading() {
		return covered.count()*100 >= (l.lengthMS+999)/1000*v.rules.completeShare
	}
	for page := int64(0); page < l.lengthMS; page += l.unitMS {
		var n int64
		for s := page / 1000; s < (page+l.unitMS)/1000; s++ {
			if covered.has(s) {
				n++
			}
		}
		if n < l.needS {
			return false
		}
	}
	return true
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
		if !found || now.atMS != e.atMS || now.creditFrom != e.creditFrom || now.creditMS != e.creditMS || now.outcome != e.outcome || now.chain != e.chain || !bytes.Equal(now.report, e.report) {
			v.breach("never rewritten", "S%d #%d is not what it was", e.session, e.seq)
		}
	}
}
