package study_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// newReading is a bench with a document that was sent: so many pages, each of
// which is complete after needS and counts no further than unitS.
func newReading(t testing.TB, pages, needS, unitS int64) *bench {
	b := newBench(t, pages*unitS*1000)
	b.s.UnitMS, b.s.NeedS = unitS*1000, needS
	b.s.Delivered, _ = b.s.Delivered.With(0)
	return b
}

// reads claims [from, to) seconds at the pace of the clock, whether or not that much of it passed.
func (b *bench) reads(from, to int64) study.Verdict {
	b.t.Helper()
	return b.claims(study.Report{Visible: true, Spans: []study.Span{{FromMS: from * 1000, ToMS: to * 1000, Rate: 100}}})
}

// claims sends a report as a document's: whatever it claims lies in the one segment there is.
func (b *bench) claims(r study.Report) study.Verdict {
	b.t.Helper()
	claim, err := study.NewClaim(r, study.Meta{DurationMS: b.s.DurationMS, UnitMS: b.s.UnitMS}, b.p)
	if err != nil {
		b.t.Fatalf("claim: %v", err)
	}
	report := study.PackReport(r)
	return study.Judge(b.p, &b.person, &b.s, study.Beat{
		Seq: b.s.Seq + 1, Chain: b.s.Chain, Next: study.Link(b.s.Chain, b.session, b.s.Seq+1, b.now, report), Claim: claim, Needs: make([]study.Segments, len(claim.Runs)), Report: report,
	}, b.now)
}

func TestADocumentIsCompleteWhenEveryPageIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		read     [][2]int64 // of 3 pages of 10 s, of which 4 complete one
		complete bool
	}{
		{"nothing is read", nil, false},
		{"every page has its least time", [][2]int64{{0, 4}, {10, 14}, {20, 24}}, true},
		{"pages are read in any order", [][2]int64{{20, 24}, {0, 4}, {10, 14}}, true},
		{"one page lacks a second", [][2]int64{{0, 4}, {10, 13}, {20, 24}}, false},
		{"a page's second half counts like its first", [][2]int64{{6, 10}, {16, 20}, {26, 30}}, true},
		{"a page is read in pieces", [][2]int64{{0, 2}, {5, 7}, {10, 14}, {20, 24}}, true},
		{"one page has all the time of three", [][2]int64{{0, 10}, {10, 12}}, false},
		{"two pages are read to their end", [][2]int64{{0, 10}, {10, 20}}, false},
		{"everything is read", [][2]int64{{0, 30}}, true},
		{"the same seconds are read again", [][2]int64{{0, 4}, {0, 4}, {0, 4}}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newReading(t, 3, 4, 10)
			for i, r := range tc.read {
				b.now += (r[1] - r[0]) * 1000
				if v := b.reads(r[0], r[1]); v != study.Accepted {
					t.Fatalf("reading %v: verdict %d", r, v)
				}
				if i < len(tc.read)-1 && b.s.Completed {
					t.Errorf("complete after %v", tc.read[:i+1])
				}
			}
			if b.s.Completed != tc.complete {
				t.Errorf("completed %v, want %v", b.s.Completed, tc.complete)
			}
		})
	}
}

func TestReadingIsHeldToTheClock(t *testing.T) {
	t.Parallel()
	b := newReading(t, 3, 4, 10)
	b.now += 3999
	if v := b.reads(0, 4); v != study.TooFast {
		t.Errorf("4 s in 3.999: verdict %d", v)
	}
	b.now++
	if v := b.reads(0, 4); v != study.Accepted {
		t.Errorf("4 s in 4: verdict %d", v)
	}
	b.s.Delivered = nil
	b.now += 4000
	if v := b.reads(10, 14); v != study.NotDelivered {
		t.Errorf("what was never sent: verdict %d", v)
	}
}

func TestADocumentCountsNoLongerThanItsMost(t *testing.T) {
	t.Parallel()
	b := newReading(t, 2, 4, 10)
	b.s.VerifiedMS = 5000 // of a session before
	b.now += 60_000
	if v := b.reads(0, 15); v != study.Accepted {
		t.Fatalf("verdict %d", v)
	}
	before := b.s
	if v := b.reads(15, 16); v != study.Enough {
		t.Errorf("a second beyond the most: verdict %d", v)
	}
	if v := b.claims(study.Report{Visible: true}); v != study.Accepted {
		t.Errorf("nothing is claimed and the lease kept: verdict %d", v)
	}
	if b.s.VerifiedMS+b.s.PendingMS != before.VerifiedMS+before.PendingMS {
		t.Errorf("%d and %d ms, after %d and %d", b.s.VerifiedMS, b.s.PendingMS, before.VerifiedMS, before.PendingMS)
	}
}

func TestClaimsOfReadingThatCannotBeAreRefusedByName(t *testing.T) {
	t.Parallel()
	span := func(from, to int64, rate study.Rate) []study.Span {
		return []study.Span{{FromMS: from, ToMS: to, Rate: rate}}
	}
	for _, tc := range []struct {
		name   string
		report study.Report
		code   string
		field  string
	}{
		{"in the background", study.Report{Spans: span(0, 1000, 100)}, "not-visible", "body.visible"},
		{"faster than one reads", study.Report{Visible: true, Spans: span(0, 1000, 101)}, "too-fast", "body.spans[0].rate"},
		{"beyond the last page", study.Report{Visible: true, Spans: span(20_000, 21_000, 100)}, "", "body.spans[0].from_ms"},
		{"out over the last page", study.Report{Visible: true, Spans: span(19_000, 20_501, 100)}, "", "body.spans[0].to_ms"},
		{"before the first page", study.Report{Visible: true, Spans: span(-1000, 1000, 100)}, "", "body.spans[0].from_ms"},
		{"backwards", study.Report{Visible: true, Spans: span(5000, 4000, 100)}, "", "body.spans[0].to_ms"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := study.NewClaim(tc.report, study.Meta{DurationMS: 20_000, UnitMS: 10_000}, study.Policy{}.OrDefaults())
			f, ok := fault.Of(err)
			if !ok || f.Kind != fault.Invalid || f.Code != tc.code || f.Fields[0].Path != tc.field {
				t.Errorf("got %+v", err)
			}
		})
	}
	if _, err := study.NewClaim(study.Report{}, study.Meta{DurationMS: 20_000, UnitMS: 10_000}, study.Policy{}.OrDefaults()); err != nil {
		t.Errorf("a background page that claims nothing keeps its lease: %v", err)
	}
}

// Whatever is claimed of a document: never more than the clock, never more
// than its most, and it is complete exactly when an honest count says so.
func TestNoReadingCreditsMoreThanItsPagesHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		pages, need := rapid.Int64Range(1, 6).Draw(rt, "pages"), rapid.Int64Range(1, 5).Draw(rt, "least")
		unit := need + rapid.Int64Range(0, 5).Draw(rt, "above")
		b := newReading(t, pages, need, unit)
		b.p.ChecksPerHour = rapid.SampledFrom([]int{0, 3}).Draw(rt, "checks")
		opened, seen := b.now, make([]bool, pages*unit)
		for range rapid.IntRange(1, 60).Draw(rt, "beats") {
			b.now += rapid.Int64Range(0, 6000).Draw(rt, "pause")
			from := rapid.Int64Range(0, pages*unit-1).Draw(rt, "from")
			to := min(from+rapid.Int64Range(1, 5).Draw(rt, "seconds"), pages*unit)
			if b.reads(from, to) != study.Accepted {
				continue
			}
			for s := from; s < to; s++ {
				seen[s] = true
			}
			credited := b.s.VerifiedMS + b.s.PendingMS
			if credited > b.now-opened || credited > pages*unit*1000 {
				rt.Fatalf("%d ms of %d that passed, in %d pages of %d s", credited, b.now-opened, pages, unit)
			}
			if want := wholly(seen, int(unit), int(need)); b.s.Completed != want {
				rt.Fatalf("completed %v, want %v of %v", b.s.Completed, want, seen)
			}
		}
	})
}

// wholly says whether every page has been read long enough.
func wholly(seen []bool, unit, need int) bool {
	for page := range slices.Chunk(seen, unit) {
		read := 0
		for _, s := range page {
			if s {
				read++
			}
		}
		if read < need {
			return false
		}
	}
	return true
}

func TestReadingOutlivesTheLine(t *testing.T) {
	t.Parallel()
	b := newReading(t, 2, 4, 10)
	b.now += (2 * time.Minute).Milliseconds()
	if v := b.claims(study.Report{Visible: true, Spans: []study.Span{{FromMS: 0, ToMS: 8000, Rate: 100}, {FromMS: 10_000, ToMS: 16_000, Rate: 100}}}); v != study.Accepted || !b.s.Completed {
		t.Errorf("what was read while the line was down: verdict %d, completed %v", v, b.s.Completed)
	}
}
