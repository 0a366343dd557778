package study

import "math/bits"

// Bits is a set of small numbers, eight a byte, the lowest bit first: seconds
// covered, segments delivered. It is only as long as its highest byte needs.
type Bits []byte

// Has says whether n is in the set.
func (b Bits) Has(n int64) bool {
	return n >= 0 && n/8 < int64(len(b)) && b[n/8]&(1<<(n%8)) != 0
}

// With is the set with n, and whether n was new. It may reuse b.
func (b Bits) With(n int64) (Bits, bool) {
	for int64(len(b)) <= n/8 {
		b = append(b, 0)
	}
	if b.Has(n) {
		return b, false
	}
	b[n/8] |= 1 << (n % 8)
	return b, true
}

// Count is how many numbers the set holds.
func (b Bits) Count() (n int64) {
	for _, x := range b {
		n += int64(bits.OnesCount8(x))
	}
	return n
}

// Intervals lists the set as half-open intervals, in order.
func (b Bits) Intervals() [][2]int {
	out := [][2]int{}
	b.EachInterval(func(from, to int) { out = append(out, [2]int{from, to}) })
	return out
}

// EachInterval goes through the set as half-open intervals, in order.
func (b Bits) EachInterval(do func(from, to int)) {
	from := -1 // of the interval that is open
	for i, x := range b {
		if (x == 0 && from < 0) || (x == 0xff && from >= 0) {
			continue
		}
		for bit := range 8 {
			switch on := x&(1<<bit) != 0; {
			case on && from < 0:
				from = i*8 + bit
			case !on && from >= 0:
				do(from, i*8+bit)
				from = -1
			}
		}
	}
	if from >= 0 {
		do(from, len(b)*8)
	}
}

// Union is the set of what is in either. It may reuse b.
func (b Bits) Union(other Bits) Bits {
	for len(b) < len(other) {
		b = append(b, 0)
	}
	for i, x := range other {
		b[i] |= x
	}
	return b
}

// cover adds the seconds that runs hold whole and known does not have, and is
// how many of them are new. The last second of a lesson is whole when it is
// covered to the end.
func cover(b, known Bits, runs []Run, durationMS int64) (Bits, int64) {
	var fresh int64
	for _, r := range runs {
		first, last := (r.From+999)/1000, r.To/1000
		if r.To >= durationMS {
			last = seconds(durationMS)
		}
		for s := first; s < last; s++ {
			if known.Has(s) {
				continue
			}
			var isNew bool
			if b, isNew = b.With(s); isNew {
				fresh++
			}
		}
	}
	return b, fresh
}

// withPart joins the part of a second that the beats before left behind into
// the runs, so that a second cut in two by a beat is one second all the same.
func withPart(runs []Run, part Run) []Run {
	if part.To <= part.From {
		return runs
	}
	return union(append([]Run{part}, runs...))
}

// partAt is what is known of the second the playhead stands in: the piece of
// it up to the playhead that the runs hold.
func partAt(runs []Run, playhead int64) Run {
	if playhead < 0 || playhead%1000 == 0 {
		return Run{}
	}
	for _, r := range runs {
		if r.From < playhead && playhead <= r.To {
			return Run{max(r.From, playhead-playhead%1000), playhead}
		}
	}
	return Run{}
}
