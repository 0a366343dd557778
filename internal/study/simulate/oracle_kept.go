package simulate

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

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
