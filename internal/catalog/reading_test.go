package catalog

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/media"
)

func TestReadingTimeIsSpreadOverThePages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name              string
		pages, minS, maxS int
		want              Plan
	}{
		{"by length without a word of the author", 5, 0, 0, Plan{5, 20, 120}},
		{"both given are divided", 4, 120, 600, Plan{4, 30, 150}},
		{"a remainder is rounded up", 7, 100, 1000, Plan{7, 15, 143}},
		{"a longest below the usual least lowers it", 10, 0, 50, Plan{10, 5, 5}},
		{"a least above the usual longest raises it", 1, 300, 0, Plan{1, 300, 300}},
		{"fewer seconds than pages are one each", 30, 2, 4, Plan{30, 1, 1}},
		{"a PDF whose pages were never counted is one page", 0, 0, 0, Plan{1, 20, 120}},
		{"a book stays within a day", 2000, 0, 0, Plan{2000, 20, 43}},
		{"a day over seven pages stays within it", 7, 86400, 86400, Plan{7, 12342, 12342}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := ReadingPlan(tc.pages, tc.minS, tc.maxS); got != tc.want {
				t.Errorf("planned %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestADocumentIsReadByItsPagesOrItsLength(t *testing.T) {
	t.Parallel()
	file := uuid.New()
	long := Text{Zh: strings.Repeat("字", 3001), En: "word"}
	for _, tc := range []struct {
		name   string
		lesson Lesson
		want   Plan
	}{
		{"a PDF by its pages", Lesson{AssetID: &file, Asset: &media.Asset{Pages: 9}, Body: long, MinS: 90}, Plan{9, 10, 120}},
		{"a PDF that was not read yet is one page", Lesson{AssetID: &file, Asset: &media.Asset{}, Body: long}, Plan{1, 20, 120}},
		{"a PDF not known here is one page", Lesson{AssetID: &file}, Plan{1, 20, 120}},
		{"a text by its length in the language of the course", Lesson{Body: long, MaxS: 90}, Plan{3, 20, 30}},
		{"nothing is one page", Lesson{}, Plan{1, 20, 120}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.lesson.PlanIn("zh"); got != tc.want {
				t.Errorf("planned %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestEveryPlanCanBeCompleted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := ReadingPlan(rapid.Int().Draw(t, "pages"), rapid.Int().Draw(t, "min"), rapid.Int().Draw(t, "max"))
		if p.Pages < 1 || p.PageMinS < 1 || p.PageMinS > p.PageMaxS || p.MaxS() > MaxReadingS || p.MinS() > p.MaxS() {
			t.Fatalf("planned %+v", p)
		}
	})
}

func TestATextIsDividedByItsLength(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       int
	}{
		{"nothing is one unit", "", 1},
		{"only space is one unit", strings.Repeat(" \n", 4000), 1},
		{"what fits is one unit", strings.Repeat("字", 1500), 1},
		{"one character more begins another", strings.Repeat("字", 1501), 2},
		{"characters count, not bytes", strings.Repeat("汉字 and ", 1000), 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := TextPages(tc.text); got != tc.want {
				t.Errorf("%d units, want %d", got, tc.want)
			}
		})
	}
}

func TestATextIsDividedInTheLanguageOfTheCourse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		body     Text
		language string
		want     string
	}{
		{"written in it", Text{Zh: "字", En: "word"}, "en", "en"},
		{"written only in the other", Text{Zh: "字", En: " \n"}, "en", "zh"},
		{"not written at all", Text{}, "zh", "zh"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := ReadIn(tc.body, tc.language); got != tc.want {
				t.Errorf("divided in %s, want %s", got, tc.want)
			}
		})
	}
}
