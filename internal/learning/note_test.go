package learning

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

func TestWhatANoteMayHold(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	long := strings.Repeat("字", MaxNoteText)
	for _, tc := range []struct {
		name  string
		note  Note
		wrong []string
	}{
		{"a word at the very beginning", Note{ID: id, Text: "x"}, nil},
		{"as many characters as fit, whatever their bytes", Note{ID: id, Text: long}, nil},
		{"space around it is not counted", Note{ID: id, Text: "  " + long + "\n"}, nil},
		{"one character more", Note{ID: id, Text: long + "字"}, []string{"body.text"}},
		{"nothing but space", Note{ID: id, Text: " \n\t"}, []string{"body.text"}},
		{"a zero byte", Note{ID: id, Text: "a\x00b"}, []string{"body.text"}},
		{"no text at all", Note{ID: id, Text: "a\xffb"}, []string{"body.text"}},
		{"the last moment there can be", Note{ID: id, AtMS: math.MaxInt32, Text: "x"}, nil},
		{"a moment before the beginning, and nothing said", Note{ID: id, AtMS: -1}, []string{"body.at_ms", "body.text"}},
		{"a moment beyond any lesson", Note{ID: id, AtMS: math.MaxInt32 + 1, Text: "x"}, []string{"body.at_ms"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.note.Checked()
			var paths []string
			for _, f := range fault.FieldsOf(err) {
				paths = append(paths, f.Path)
			}
			if !slices.Equal(paths, tc.wrong) || (err == nil) != (tc.wrong == nil) {
				t.Errorf("wrong: %v (%v), want %v", paths, err, tc.wrong)
			}
			if err == nil && got.Text != strings.TrimSpace(tc.note.Text) {
				t.Errorf("kept %q", got.Text)
			}
		})
	}
}
