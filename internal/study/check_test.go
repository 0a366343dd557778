package study_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// idAt is a check asked at a moment, by chance.
func idAt(t testing.TB, ms int64) study.CheckID {
	w := newWatcher(t, 3_600_000)
	w.session = uuid.New()
	w.asked()
	id := w.s.Check.ID
	id[len(id)-4], id[len(id)-3], id[len(id)-2], id[len(id)-1] = byte(ms>>24), byte(ms>>16), byte(ms>>8), byte(ms)
	return id
}

func TestAQuestionIsOneOfTheLastThreeOnWhatWasShown(t *testing.T) {
	t.Parallel()
	var all []study.Question
	for i, name := range []string{"a", "b", "c", "d", "e", "f"} {
		all = append(all, study.Question{AtMS: int64(i) * 10_000, Prompt: name, Choices: []string{"right", "wrong", "worse"}, Right: 1})
	}
	for _, tc := range []struct {
		name string
		at   int64
		want []string // "": only whether somebody is there
	}{
		{"before the second one", 9_999, []string{"", "a"}},
		{"at the second one", 10_000, []string{"", "a", "b"}},
		{"in the middle", 42_000, []string{"", "c", "d", "e"}},
		{"at the end", 3_600_000, []string{"", "d", "e", "f"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			asked := map[string]int{}
			for range 200 {
				asked[idAt(t, tc.at).Prompt(all).Text]++
			}
			var got []string
			for text := range asked {
				got = append(got, text)
			}
			slices.Sort(got)
			if !slices.Equal(got, tc.want) {
				t.Errorf("asked %v, want %v", asked, tc.want)
			}
		})
	}
}

func TestTheRightChoiceStaysRightWhereverItStands(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(rt, "choices")
		q := study.Question{Prompt: "?", Right: rapid.IntRange(1, 1<<n-1).Draw(rt, "right"), Multiple: true}
		for i := range n {
			q.Choices = append(q.Choices, map[bool]string{true: "right", false: "wrong"}[q.Right>>i&1 == 1])
		}
		p := idAt(t, 0).Prompt([]study.Question{q})
		if len(p.Choices) == 0 {
			return // it asks only whether somebody is there
		}
		var right uint16
		for i, c := range p.Choices {
			if c == "right" {
				right |= 1 << i
			}
		}
		for mask := range uint16(1) << n {
			if p.Accepts(mask) != (mask == right) {
				rt.Fatalf("of %v %b is accepted: %t", p.Choices, mask, p.Accepts(mask))
			}
		}
		if p.Accepts(right | 1<<n) {
			rt.Fatal("a choice that is not there may be chosen as well")
		}
	})
}

func TestACheckIsNamedByTextAndBack(t *testing.T) {
	t.Parallel()
	id := idAt(t, 1234)
	if back, ok := study.ParseCheckID(id.String()); !ok || back != id || len(id.String()) != 22 {
		t.Errorf("%s is read as %s", id, back)
	}
	for _, text := range []string{"", "A", id.String()[1:], id.String() + "A", "!" + id.String()[1:], id.String()[:21] + "="} {
		if _, ok := study.ParseCheckID(text); ok {
			t.Errorf("%q is taken for a check", text)
		}
	}
}
