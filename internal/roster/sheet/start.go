package sheet

import (
	"errors"
	"io"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// headingWithin is how many rows may stand above the headings: a title, a note.
const headingWithin = 10

// Headings reads up to the row of headings: the first that names what must be
// there, else the first that is not empty. rest are lines read beyond it.
func Headings(r Reader) (headings roster.Line, columns roster.Columns, rest []roster.Line, err error) {
	var seen []roster.Line
	for len(seen) < headingWithin {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return headings, nil, nil, err
		}
		if l.Empty() {
			continue
		}
		seen = append(seen, l)
		if c := roster.Recognise(l.Cells); c.Whole() {
			return l, c, nil, nil
		}
	}
	if len(seen) == 0 {
		return headings, nil, nil, roster.NoRows
	}
	return seen[0], roster.Recognise(seen[0].Cells), seen[1:], nil
}
