package study

import "slices"

// Stretch is time on the clock with one fate: [FromMS, ToMS).
type Stretch struct {
	FromMS, ToMS int64
	Fate         Fate
}

// joinMS: stretches that lie closer are drawn as one.
const joinMS = 1000

// Timeline lays the credited time out for drawing. A beat is credited the
// first stretch of the clock that is still free, so that pauses would not
// show; here each lies as late as its beat and the ones after it allow, which
// is where it was played. The sum of the lengths is the credit, but for the
// gaps below a second that are closed.
func (e Evidence) Timeline() []Stretch {
	fates, until := e.Fates(), int64(0)
	var out []Stretch
	for i, r := range slices.Backward(e.Rows) {
		to := r.AtMS
		if until > 0 {
			to = min(to, until)
		}
		if r.CreditMS == 0 {
			continue
		}
		until = to - r.CreditMS
		if n := len(out); n > 0 && out[n-1].Fate == fates[i] && out[n-1].FromMS-to < joinMS {
			out[n-1].FromMS = until
			continue
		}
		out = append(out, Stretch{until, to, fates[i]})
	}
	slices.Reverse(out)
	return out
}

// Late says of each of Rows whether it brought what was played before the
// beat in front of it: a line was down, and the device caught up.
func (e Evidence) Late() []bool {
	out, before := make([]bool, len(e.Rows)), e.OpenedMS
	for i, r := range e.Rows {
		out[i] = r.CreditMS > r.AtMS-before+joinMS
		before = r.AtMS
	}
	return out
}
