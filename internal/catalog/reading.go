package catalog

import (
	"strings"
	"unicode/utf8"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
)

// Plan is how a document is read: so many pages, each of which counts at least
// and at most so many seconds.
type Plan struct {
	Pages    int // of a PDF its pages, of a text its units; at least 1
	PageMinS int // what completes a page; 1 to PageMaxS
	PageMaxS int // what of a page counts at most
}

const (
	// MaxReadingS bounds the reading time of a whole document, as a video's length is bounded.
	MaxReadingS = 24 * 60 * 60
	// The times of a page when its author gives none.
	defaultPageMinS = 20
	defaultPageMaxS = 120
	// unitRunes is how much text is one page: about what a screen or two hold.
	unitRunes = 1500
)

// ReadingPlan spreads the least and the most seconds of a whole document over
// its pages; 0 seconds means by length. Every page has the same, rounded up.
// Where both cannot be had the most wins: less time would never complete.
func ReadingPlan(pages, minS, maxS int) Plan {
	p := Plan{Pages: min(max(pages, 1), media.MaxPages), PageMinS: defaultPageMinS, PageMaxS: defaultPageMaxS}
	if minS > 0 {
		p.PageMinS = share(minS, p.Pages)
	}
	if maxS > 0 {
		p.PageMaxS = share(maxS, p.Pages)
	} else {
		p.PageMaxS = max(p.PageMaxS, p.PageMinS)
	}
	p.PageMaxS = max(1, min(p.PageMaxS, MaxReadingS/p.Pages))
	p.PageMinS = min(p.PageMinS, p.PageMaxS)
	return p
}

// share is a page's part of seconds, rounded up. Bounded first, so that no sum overflows.
func share(seconds, pages int) int { return (min(seconds, MaxReadingS) + pages - 1) / pages }

// MinS is what reading the whole document takes at least.
func (p Plan) MinS() int { return p.Pages * p.PageMinS }

// MaxS is what reading it counts at most.
func (p Plan) MaxS() int { return p.Pages * p.PageMaxS }

// PlanIn is how a document lesson of a course in the language is read. A PDF
// comes before a text beside it.
func (l Lesson) PlanIn(courseLanguage string) Plan {
	switch {
	case l.AssetID == nil:
		return ReadingPlan(TextPages(in(l.Body, ReadIn(l.Body, courseLanguage))), l.MinS, l.MaxS)
	case l.Asset == nil:
		return ReadingPlan(0, l.MinS, l.MaxS)
	}
	return ReadingPlan(l.Asset.Pages, l.MinS, l.MaxS)
}

// checkReading judges the times an author gives.
func (l Lesson) checkReading(at string, bad *fault.Fields) {
	if l.Kind != DocumentLesson && (l.MinS != 0 || l.MaxS != 0) {
		bad.Add(at+".min_s", "only a document lesson has a reading time")
		return
	}
	for name, s := range map[string]int{".min_s": l.MinS, ".max_s": l.MaxS} {
		if s < 0 || s > MaxReadingS {
			bad.Add(at+name, "must be from 0 to %d seconds", MaxReadingS)
		}
	}
	if l.MaxS > 0 && l.MinS > l.MaxS {
		bad.Add(at+".max_s", "must not be less than the least time")
	}
}

// TextPages is how many units a text is divided into by its length: one for
// each 1,500 characters begun, and one for a text without any.
func TextPages(markdown string) int {
	runes := utf8.RuneCountInString(strings.TrimSpace(markdown))
	return max(1, (runes+unitRunes-1)/unitRunes)
}

// ReadIn is the language a text is divided in: the course's where it is
// written, else the other. Whoever reads the other language reads as many
// units, or what they have read would not fit when they change it.
func ReadIn(body Text, courseLanguage string) string {
	other := map[string]string{"zh": "en", "en": "zh"}[courseLanguage]
	if strings.TrimSpace(in(body, courseLanguage)) == "" && strings.TrimSpace(in(body, other)) != "" {
		return other
	}
	return courseLanguage
}
