package study_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study"
)

const segmentMS = 6000

// bench is one lesson under the rules, with a clock of its own.
type bench struct {
	t       testing.TB
	p       study.Policy
	person  study.Person
	s       study.State
	now     int64
	session uuid.UUID
}

func newBench(t testing.TB, durationMS int64) *bench {
	b := &bench{t: t, p: study.Policy{}.OrDefaults(), now: 1_000_000, session: uuid.New()}
	b.person.Fence = 1
	b.s = study.State{Fence: 1, OpenedMS: b.now, LastMS: b.now, DurationMS: durationMS, NeedS: b.p.Needed(durationMS), WindowMS: b.p.CheckWindow.Milliseconds(), Chain: study.NewChain()}
	return b
}

func (b *bench) deliver(from, to int64) {
	for n := from / segmentMS; n*segmentMS < to; n++ {
		length := min(segmentMS, b.s.DurationMS-n*segmentMS)
		if v, wait := study.Deliver(b.p, &b.person, &b.s, n, length, b.now); v == study.TooEarly {
			b.t.Fatalf("segment %d came %d ms too early", n, wait)
		}
	}
}

func (b *bench) beat(spans ...study.Span) study.Verdict {
	return b.send(b.s.Seq+1, b.s.Chain, spans...)
}

func (b *bench) send(seq int64, chain study.Chain, spans ...study.Span) study.Verdict {
	b.t.Helper()
	claim, err := study.NewClaim(study.Report{Visible: true, Spans: spans}, study.Meta{DurationMS: b.s.DurationMS}, b.p)
	if err != nil {
		b.t.Fatalf("claim: %v", err)
	}
	report := study.PackReport(study.Report{State: study.Playing, Visible: true, Spans: spans})
	return study.Judge(b.p, &b.person, &b.s, study.Beat{
		Seq: seq, Chain: chain, Next: study.Link(chain, b.session, seq, b.now, report), Claim: claim, Needs: needsOf(claim), Report: report,
	}, b.now)
}

func needsOf(c study.Claim) []study.Segments {
	out := make([]study.Segments, len(c.Runs))
	for i, r := range c.Runs {
		out[i] = study.Segments{First: r.From / segmentMS, Last: (r.To - 1) / segmentMS}
	}
	return out
}

func TestABeat(t *testing.T) {
	t.Parallel()
	span := func(from, to int64) study.Span { return study.Span{FromMS: from, ToMS: to, Rate: 100} }
	for _, tc := range []struct {
		name     string
		do       func(b *bench) study.Verdict
		want     study.Verdict
		verified int64
		covered  int64
	}{
		{"of what was played and sent is credited", func(b *bench) study.Verdict {
			b.deliver(0, 15000)
			b.now += 15000
			return b.beat(span(0, 15000))
		}, study.Accepted, 15000, 15},
		{"claiming more than the clock is refused whole", func(b *bench) study.Verdict {
			b.deliver(0, 20000)
			b.now += 15000
			return b.beat(span(0, 15001))
		}, study.TooFast, 0, 0},
		{"at twice the speed covers twice and credits the clock", func(b *bench) study.Verdict {
			b.deliver(0, 30000)
			b.now += 15000
			return b.beat(study.Span{FromMS: 0, ToMS: 30000, Rate: 200})
		}, study.Accepted, 15000, 30},
		{"of media that was never sent is refused", func(b *bench) study.Verdict {
			b.deliver(0, 6000)
			b.now += 15000
			return b.beat(span(0, 7000))
		}, study.NotDelivered, 0, 0},
		{"of the same media twice covers once", func(b *bench) study.Verdict {
			b.deliver(0, 12000)
			b.now += 10000
			b.beat(span(0, 10000))
			b.now += 10000
			return b.beat(span(0, 10000))
		}, study.Accepted, 20000, 10},
		{"sent again changes nothing", func(b *bench) study.Verdict {
			b.deliver(0, 12000)
			b.now += 10000
			first := b.s.Chain
			b.beat(span(0, 10000))
			b.now += 10000
			return b.send(1, first, span(0, 10000))
		}, study.Repeated, 10000, 10},
		{"that skips a number is refused", func(b *bench) study.Verdict { return b.send(2, b.s.Chain) }, study.WrongSequence, 0, 0},
		{"with another's token is refused", func(b *bench) study.Verdict { return b.send(1, study.NewChain()) }, study.WrongToken, 0, 0},
		{"without spans keeps the session alive", func(b *bench) study.Verdict { return b.beat() }, study.Accepted, 0, 0},
		{"of a closed session is refused", func(b *bench) study.Verdict { b.s.Closed = true; return b.beat() }, study.Closed, 0, 0},
		{"after a take-over is refused", func(b *bench) study.Verdict { b.person.Fence = 2; return b.beat() }, study.Fenced, 0, 0},
		{"after a gap within the grace credits the gap", func(b *bench) study.Verdict {
			b.now += 60000
			b.deliver(0, 150000)
			b.now += 60000
			return b.beat(span(0, 120000))
		}, study.Accepted, 120000, 120},
		{"after a longer gap credits no more than the grace", func(b *bench) study.Verdict {
			b.now += 400000
			b.deliver(0, 300000)
			return b.beat(span(0, 181000))
		}, study.TooFast, 0, 0},
		{"that ends in the middle of a second leaves the rest to the next", func(b *bench) study.Verdict {
			b.deliver(0, 12000)
			b.now += 1500
			b.beat(span(0, 1500))
			b.now += 1500
			return b.beat(span(1500, 3000))
		}, study.Accepted, 3000, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 600_000)
			if got := tc.do(b); got != tc.want {
				t.Errorf("verdict %d, want %d", got, tc.want)
			}
			if b.s.VerifiedMS != tc.verified || b.s.CoveredS != tc.covered {
				t.Errorf("verified %d ms, covered %d s; want %d and %d", b.s.VerifiedMS, b.s.CoveredS, tc.verified, tc.covered)
			}
			if b.s.CoveredS != b.s.Covered.Count() {
				t.Errorf("the count %d is not the set's %d", b.s.CoveredS, b.s.Covered.Count())
			}
		})
	}
}

func TestALessonIsCompleteAt95PercentAndOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 20_500) // 21 seconds, 20 of them needed
	b.deliver(0, 20_500)
	b.now += 19_000
	b.beat(study.Span{FromMS: 0, ToMS: 19_000, Rate: 100})
	if b.s.Completed {
		t.Fatal("complete at 19 of 21 seconds")
	}
	b.now += 1500
	b.beat(study.Span{FromMS: 19_000, ToMS: 20_500, Rate: 100})
	if !b.s.Completed || b.s.CompletedSeq != 2 || b.s.CoveredS != 21 {
		t.Fatalf("after all of it: completed %v by beat %d, %d s", b.s.Completed, b.s.CompletedSeq, b.s.CoveredS)
	}
	b.now += 1000
	b.beat()
	if b.s.CompletedSeq != 2 {
		t.Error("completed a second time")
	}
}

func TestDeliveryKeepsThePace(t *testing.T) {
	t.Parallel()
	b := newBench(t, 3_600_000)
	sent := int64(0)
	for n := int64(0); ; n++ {
		v, wait := study.Deliver(b.p, &b.person, &b.s, n, segmentMS, b.now)
		if v == study.TooEarly {
			if wait != 3000 {
				t.Errorf("wait %d ms, want 3000: 6 s of media at twice the speed", wait)
			}
			break
		}
		sent += segmentMS
	}
	if sent != 60_000 {
		t.Errorf("%d ms were sent at once, want the look-ahead of 60,000", sent)
	}
	if v, _ := study.Deliver(b.p, &b.person, &b.s, 3, segmentMS, b.now); v != study.Repeated {
		t.Error("a segment that was sent before costs budget again")
	}
}

// Whatever is claimed, over all sessions of a person: verified time never
// exceeds the clock, coverage never what was sent.
func TestNoHistoryCreditsMoreThanTheClockOrTheMedia(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t, rapid.Int64Range(1000, 400_000).Draw(rt, "duration"))
		opened := b.now
		var verified int64
		var covered study.Bits
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0:
				b.now += rapid.Int64Range(0, 300_000).Draw(rt, "pause")
			case 1: // another session takes over
				b.person.Fence++
				b.s = study.State{Fence: b.person.Fence, OpenedMS: b.now, LastMS: b.now, DurationMS: b.s.DurationMS, NeedS: b.s.NeedS, Chain: study.NewChain(), VerifiedMS: b.s.VerifiedMS, Covered: b.s.Covered, CoveredS: b.s.CoveredS}
			case 2, 3:
				n := rapid.Int64Range(0, (b.s.DurationMS-1)/segmentMS).Draw(rt, "segment")
				study.Deliver(b.p, &b.person, &b.s, n, min(segmentMS, b.s.DurationMS-n*segmentMS), b.now)
			default:
				from := rapid.Int64Range(0, b.s.DurationMS-1).Draw(rt, "from")
				to := rapid.Int64Range(from+1, b.s.DurationMS).Draw(rt, "to")
				rate := study.Rate(rapid.IntRange(25, 200).Draw(rt, "rate"))
				before := b.s.VerifiedMS
				delivered := append(study.Bits{}, b.s.Delivered...)
				if b.beat(study.Span{FromMS: from, ToMS: to, Rate: rate}) == study.Accepted {
					verified += b.s.VerifiedMS - before
					for n := from / segmentMS; n <= (to-1)/segmentMS; n++ {
						if !delivered.Has(n) {
							rt.Fatalf("credited [%d, %d) without segment %d", from, to, n)
						}
					}
				}
			}
			if verified > b.now-opened {
				rt.Fatalf("verified %d ms of %d that passed", verified, b.now-opened)
			}
			if b.s.Covered.Count() < covered.Count() || b.s.Covered.Count() != b.s.CoveredS {
				rt.Fatalf("coverage went from %d to %d, counted as %d", covered.Count(), b.s.Covered.Count(), b.s.CoveredS)
			}
			covered = append(study.Bits{}, b.s.Covered...)
		}
	})
}

func TestClaimsThatCannotBeAreRefusedByName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		span  study.Span
		field string
		code  string
	}{
		{"negative", study.Span{FromMS: -1, ToMS: 5, Rate: 100}, "body.spans[0].from_ms", ""},
		{"backwards", study.Span{FromMS: 10, ToMS: 10, Rate: 100}, "body.spans[0].to_ms", ""},
		{"beyond the end", study.Span{FromMS: 0, ToMS: 60_501, Rate: 100}, "body.spans[0].to_ms", ""},
		{"begun beyond the end", study.Span{FromMS: 60_000, ToMS: 60_100, Rate: 100}, "body.spans[0].from_ms", ""},
		{"too fast a rate", study.Span{FromMS: 0, ToMS: 10, Rate: 201}, "body.spans[0].rate", "too-fast"},
		{"too slow a rate", study.Span{FromMS: 0, ToMS: 10, Rate: 24}, "body.spans[0].rate", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := study.NewClaim(study.Report{Visible: true, Spans: []study.Span{tc.span}}, study.Meta{DurationMS: 60_000}, study.Policy{}.OrDefaults())
			f, ok := fault.Of(err)
			if !ok || f.Kind != fault.Invalid || f.Fields[0].Path != tc.field || f.Code != tc.code {
				t.Errorf("got %+v", err)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	secret := func(b byte) []byte {
		out := make([]byte, 32)
		out[0] = b
		return out
	}
	old, err := study.NewKeys(study.Key{ID: "old", Secret: secret(1)})
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := study.NewKeys(study.Key{ID: "new", Secret: secret(2)}, study.Key{ID: "old", Secret: secret(1)})
	if err != nil {
		t.Fatal(err)
	}
	session, chain := uuid.New(), study.NewChain()
	token := old.Token(session, 7, chain, 1234)
	if got, ok := rotated.OpenToken(token, session, 7); !ok || got != chain {
		t.Error("a token of the old key does not hold after rotation")
	}
	if _, ok := old.OpenToken(rotated.Token(session, 7, chain, 1234), session, 7); ok {
		t.Error("a token of a key that is not known holds")
	}
	for name, ok := range map[string]bool{
		"another session":  opens(old, token, uuid.New(), 7),
		"another sequence": opens(old, token, session, 8),
		"a cut token":      opens(old, token[:len(token)-1], session, 7),
		"a changed token":  opens(old, "A"+token[1:], session, 7) && token[0] != 'A',
		"an empty token":   opens(old, "", session, 7),
	} {
		if ok {
			t.Errorf("%s is let in", name)
		}
	}
	a := study.Address{Session: session, Asset: uuid.New(), Rendition: "720p", Number: 3, Expires: 99}
	proof := old.Sign(a)
	other := a
	other.Number = 4
	if !rotated.CheckAddress(a, proof) || old.CheckAddress(other, proof) || old.CheckAddress(a, proof[1:]) {
		t.Error("addresses are not checked as they should be")
	}
	for _, bad := range [][]study.Key{nil, {{ID: "a", Secret: secret(1)[:31]}}, {{ID: "", Secret: secret(1)}}, {{ID: "a", Secret: secret(1)}, {ID: "a", Secret: secret(2)}}} {
		if _, err := study.NewKeys(bad...); err == nil {
			t.Errorf("keys %v are taken", bad)
		}
	}
}

func opens(k *study.Keys, token string, session uuid.UUID, seq int64) bool {
	_, ok := k.OpenToken(token, session, seq)
	return ok
}

func TestReportsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) study.Span {
			return study.Span{FromMS: rapid.Int64Range(0, 1<<31).Draw(rt, "from"), ToMS: rapid.Int64Range(0, 1<<31).Draw(rt, "to"), Rate: study.Rate(rapid.Uint16().Draw(rt, "rate"))}
		}), 0, 32).Draw(rt, "spans")
		want := study.Report{State: uint8(rapid.IntRange(0, 3).Draw(rt, "state")), Visible: rapid.Bool().Draw(rt, "visible"), Spans: spans}
		if rapid.Bool().Draw(rt, "reply") {
			want.Reply = &study.Reply{Mask: rapid.Uint16().Draw(rt, "mask"), MoreTime: rapid.Bool().Draw(rt, "more")}
			copy(want.Reply.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(rt, "id"))
		}
		got, err := study.UnpackReport(study.PackReport(want))
		if err != nil || got.State != want.State || got.Visible != want.Visible || !slices.Equal(got.Spans, want.Spans) || !reflect.DeepEqual(got.Reply, want.Reply) {
			rt.Fatalf("%+v, want %+v (%v)", got, want, err)
		}
	})
}

func TestBitsAreASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		numbers := rapid.SliceOf(rapid.Int64Range(0, 500)).Draw(rt, "numbers")
		var b study.Bits
		model := map[int64]bool{}
		for _, n := range numbers {
			var fresh bool
			b, fresh = b.With(n)
			if fresh == model[n] {
				rt.Fatalf("%d: fresh %v", n, fresh)
			}
			model[n] = true
		}
		var total int64
		last := -1
		for _, i := range b.Intervals() {
			if i[0] <= last || i[1] <= i[0] {
				rt.Fatalf("intervals %v", b.Intervals())
			}
			last = i[1]
			for n := i[0]; n < i[1]; n++ {
				if !model[int64(n)] {
					rt.Fatalf("%d was never put in", n)
				}
				total++
			}
		}
		if total != int64(len(model)) || b.Count() != total {
			rt.Fatalf("%d in intervals, %d counted, %d put in", total, b.Count(), len(model))
		}
	})
}

func TestPolicyFillsItsDefaults(t *testing.T) {
	t.Parallel()
	p := study.Policy{}.OrDefaults()
	if p.MaxRate != 200 || p.LookAhead != time.Minute || p.Grace != 3*time.Minute || p.CompleteShare != 95 {
		t.Errorf("%+v", p)
	}
	if p.IntervalFor(59_999) != 5*time.Second || p.IntervalFor(60_000) != 15*time.Second {
		t.Error("short lessons do not beat faster")
	}
	if p.Needed(100_000) != 95 || p.Needed(500) != 1 || p.Needed(10_001) != 11 {
		t.Errorf("needed: %d %d %d", p.Needed(100_000), p.Needed(500), p.Needed(10_001))
	}
}
