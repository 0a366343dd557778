package media

import (
	"fmt"
	"math"
)

// Rung is one rendition to be made.
type Rung struct {
	Name          string
	Width, Height int
	Bitrate       int // bit/s at most; 0 when copied
	Copy          bool
}

const (
	// TargetSegmentMS is how long a segment should be; keyframes decide.
	TargetSegmentMS = 4000
	topSide         = 1080 // of the shorter side
	topLength       = 1920 // of the longer side: what every decoder takes
)

// Ladder is what to make of the source, best first: always at least two, so
// that a slow line has a choice, and never larger than the source. With
// allowCopy the first passes through if it can.
func (s *Source) Ladder(allowCopy bool) []Rung {
	side := min(s.Width, s.Height)
	top := s.rung(min(side, topSide))
	if allowCopy && s.Copyable() {
		top = Rung{Name: fmt.Sprintf("%dp", side), Width: s.Width, Height: s.Height, Copy: true}
	}
	out := []Rung{top}
	for _, lower := range below(min(top.Width, top.Height)) {
		r := s.rung(lower)
		r.Width, r.Height = min(r.Width, top.Width), min(r.Height, top.Height) // rounding may not make it larger
		if r.Name == top.Name {                                                // a picture so small that even numbers leave no smaller one
			r.Name += "-low"
		}
		out = append(out, r)
	}
	return out
}

// below are the smaller sides worth their bytes: one for the middle where the
// top is large, one for phones on a slow line.
func below(side int) []int {
	switch {
	case side >= 1080:
		return []int{720, 360}
	case side >= 720:
		return []int{360}
	case side >= 360:
		return []int{240}
	case side >= 240:
		return []int{144}
	}
	return []int{max(2, side*2/3)}
}

// rung scales the shorter side to the given length, both to even numbers as
// H.264 needs. Its bit rate is a bound: slides stay far below it.
func (s *Source) rung(side int) Rung {
	scale := min(float64(side)/float64(min(s.Width, s.Height)), topLength/float64(max(s.Width, s.Height)))
	w, h := toEven(float64(s.Width)*scale), toEven(float64(s.Height)*scale)
	return Rung{Name: fmt.Sprintf("%dp", min(w, h)), Width: w, Height: h, Bitrate: max(100_000, int(66*math.Pow(float64(w*h), 0.75)))}
}

func toEven(x float64) int { return max(2, int(math.Round(x/2))*2) }
