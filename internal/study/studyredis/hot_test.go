package studyredis_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

const segmentMS = 4000

// twin is a person judged twice: by the rules in Go and by the script.
type twin struct {
	t      *testing.T
	rng    *rand.Rand
	p      study.Policy
	hot    *studyredis.Hot
	who    studyredis.Who
	person study.Person
	s      study.State
	now    int64
	chains []study.Chain // of the session, for replays
}

// Random histories of beats, segments, take-overs, closings and replays go
// through package study and through Redis; every verdict and every byte of
// the state must be the same.
func TestTheScriptJudgesAsTheRulesDo(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	policies := []study.Policy{{}, {ChecksPerHour: 3}, {ChecksPerHour: 60, CheckGap: 5 * time.Second, CheckWindow: 30 * time.Second}}
	seed := uint64(20261124)
	verdicts, outcomes := map[study.Verdict]int{}, map[study.Outcome]int{}
	read := 0 // documents, to their end
	for history := range 300 {
		rng := rand.New(rand.NewPCG(seed, uint64(history)))
		p := policies[history%len(policies)].OrDefaults()
		w := &twin{t: t, rng: rng, p: p, hot: studyredis.New(client, p), who: studyredis.Who{Person: uuid.New()}, now: 1_700_000_000_000}
		w.open()
		for range 40 {
			verdicts[w.step()]++
			outcomes[w.s.Outcome]++
			w.compare(history)
			if w.s.UnitMS > 0 && w.s.DurationMS > w.s.UnitMS && w.s.CompletedSeq > 0 && w.s.CompletedSeq == w.s.Seq {
				read++
			}
		}
	}
	for v := study.Accepted; v <= study.Enough; v++ {
		if v != study.Missing && verdicts[v] == 0 {
			t.Errorf("no history came to verdict %d: %v", v, verdicts)
		}
	}
	for o := study.Confirmed; o <= study.Extended; o++ {
		if outcomes[o] == 0 {
			t.Errorf("no history came to outcome %d: %v", o, outcomes)
		}
	}
	if read == 0 {
		t.Error("no history read a document of several pages to its end")
	}
}

func (w *twin) open() {
	w.person.Fence++
	w.who.Session = uuid.New()
	check := w.s.Check
	w.s = study.State{
		Fence: w.person.Fence, OpenedMS: w.now, LastMS: w.now, DurationMS: w.rng.Int64N(600_000) + 1, Chain: study.NewChain(),
		WindowMS: w.p.CheckWindow.Milliseconds(), VerifiedMS: w.s.VerifiedMS, UncheckedMS: w.s.UncheckedMS, Covered: study.Bits{}, Delivered: study.Bits{}, Report: []byte{},
	}
	w.s.NeedS = w.p.Needed(w.s.DurationMS)
	if w.rng.IntN(3) == 0 { // to be read: pages of 4 to 16 s, of which some are needed
		unit := 4 * (w.rng.Int64N(4) + 1)
		w.s.DurationMS = (w.rng.Int64N(9) + 1) * unit * 1000
		w.s.UnitMS, w.s.NeedS, w.s.VerifiedMS = unit*1000, w.rng.Int64N(unit)+1, 0
	}
	if w.rng.IntN(2) == 0 {
		w.s.Check = check
		w.s.Rearm()
	}
	w.chains = []study.Chain{w.s.Chain}
	if err := w.hot.Put(context.Background(), w.who, w.person, &w.s); err != nil {
		w.t.Fatal(err)
	}
}

func (w *twin) step() study.Verdict {
	w.now += w.rng.Int64N(20_000)
	if w.rng.IntN(15) == 0 {
		w.now += w.rng.Int64N(300_000)
	}
	switch n := w.rng.IntN(40); {
	case n == 0:
		w.open()
		return study.Accepted
	case n == 1:
		// Taken over: only the person learns of it.
		w.person.Fence++
		if err := w.hot.Put(context.Background(), studyredis.Who{Person: w.who.Person, Session: uuid.New()}, w.person, &study.State{Fence: w.person.Fence}); err != nil {
			w.t.Fatal(err)
		}
		return study.Accepted
	case n == 2:
		w.s.Closed = true
		if err := w.hot.Close(context.Background(), w.who); err != nil {
			w.t.Fatal(err)
		}
		return study.Accepted
	case n == 3:
		// All at once, as somebody who copies does.
		v := study.Accepted
		for range 30 {
			v = max(v, w.deliver())
		}
		return v
	case n < 22:
		return w.deliver()
	}
	return w.beat()
}

func (w *twin) deliver() study.Verdict {
	n := w.rng.Int64N(w.s.DurationMS/segmentMS + 1)
	length := min(segmentMS, w.s.DurationMS-n*segmentMS)
	want, wantWait := study.Deliver(w.p, &w.person, &w.s, n, length, w.now)
	got := w.want(n, length)
	if got.Verdict != want || got.Wait.Milliseconds() != wantWait {
		w.t.Fatalf("segment %d: the script says %d in %v, the rules %d in %d ms", n, got.Verdict, got.Wait, want, wantWait)
	}
	if want <= study.Repeated && (got.DeliveredMS != w.s.DeliveredMS || !bytes.Equal(got.Delivered, w.s.Delivered)) {
		w.t.Fatalf("segment %d: the script has sent %x, %d ms, the rules %x, %d ms", n, got.Delivered, got.DeliveredMS, w.s.Delivered, w.s.DeliveredMS)
	}
	return want
}

func (w *twin) want(n, length int64) *studyredis.Wanted {
	x := &studyredis.Wanted{Who: w.who, Segment: n, LengthMS: length}
	if err := w.hot.Deliver(context.Background(), []*studyredis.Wanted{x}, w.now); err != nil {
		w.t.Fatal(err)
	}
	return x
}

func (w *twin) beat() study.Verdict {
	var spans []study.Span
	at := w.rng.Int64N(w.s.DurationMS)
	for range w.rng.IntN(4) {
		to := min(at+1+w.rng.Int64N(12_000), w.s.DurationMS)
		spans = append(spans, study.Span{FromMS: at, ToMS: to, Rate: study.Rate(25 + w.rng.IntN(176))})
		if at = to; w.rng.IntN(3) == 0 || at >= w.s.DurationMS {
			at = w.rng.Int64N(w.s.DurationMS)
		}
	}
	claim, err := study.NewClaim(study.Report{Visible: true, Spans: spans}, study.Meta{DurationMS: w.s.DurationMS}, w.p)
	if err != nil {
		w.t.Fatal(err)
	}
	reply := w.reply()
	b := study.Beat{
		Seq: w.s.Seq + 1, Chain: w.s.Chain, Claim: claim, Reply: reply, Luck: w.rng.Uint32N(1 << 24),
		Report: study.PackReport(study.Report{State: study.Playing, Visible: true, Spans: spans, Reply: reply}),
	}
	switch w.rng.IntN(12) {
	case 0:
		b.Seq += w.rng.Int64N(3) - 1
	case 1:
		b.Chain = w.chains[w.rng.IntN(len(w.chains))]
	case 2:
		b.Seq, b.Chain = w.s.Seq, w.s.PrevChain // the last one again
	}
	for _, r := range claim.Runs {
		need := study.Segments{First: r.From / segmentMS, Last: (r.To - 1) / segmentMS}
		// Mostly what is asked for is sent first, or hardly anything would be credited.
		for n := need.First; n <= need.Last && w.rng.IntN(20) > 0; n++ {
			length := min(segmentMS, w.s.DurationMS-n*segmentMS)
			study.Deliver(w.p, &w.person, &w.s, n, length, w.now)
			w.want(n, length)
		}
		b.Needs = append(b.Needs, need)
	}
	b.Next = study.Link(b.Chain, w.who.Session, b.Seq, w.now, b.Report)
	want := study.Judge(w.p, &w.person, &w.s, b, w.now)
	got, err := judge(w.hot, []studyredis.Asked{{Who: w.who, Beat: b}}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	if got[0].Verdict != want {
		w.t.Fatalf("beat %+v at %d: the script says %d, the rules %d (%+v, %+v)", b, w.now, got[0].Verdict, want, w.person, w.s)
	}
	w.chains = append(w.chains, w.s.Chain)
	return want
}

// reply answers the open check now and then, rightly or not; and seldom one that is not open.
func (w *twin) reply() *study.Reply {
	r := &study.Reply{ID: w.s.Check.ID, Mask: uint16(w.rng.IntN(4)), Right: w.rng.IntN(2) == 0, MoreTime: w.rng.IntN(5) == 0}
	switch {
	case w.rng.IntN(30) == 0:
		r.ID[0]++
	case !w.s.Check.Open() || w.rng.IntN(3) > 0:
		return nil
	}
	return r
}

func (w *twin) compare(history int) {
	got, found, err := w.hot.Session(context.Background(), w.who)
	if err != nil || !found {
		w.t.Fatalf("history %d: the session is gone: %v", history, err)
	}
	if !reflect.DeepEqual(normal(got), normal(w.s)) {
		w.t.Fatalf("history %d: Redis holds\n%+v\nthe rules\n%+v", history, got, w.s)
	}
}

// normal makes nil and empty alike.
func normal(s study.State) study.State {
	s.Report = append([]byte{}, s.Report...)
	s.Pending = append(study.Bits{}, s.Pending...)
	s.Covered = append(study.Bits{}, s.Covered...)
	s.Delivered = append(study.Bits{}, s.Delivered...)
	return s
}

// judge gives what came of it and leaves asked as it is.
func judge(hot *studyredis.Hot, asked []studyredis.Asked, now int64) ([]studyredis.Judged, error) {
	all := make([]*studyredis.Asked, len(asked))
	for i := range asked {
		one := asked[i]
		all[i] = &one
	}
	err := hot.Judge(context.Background(), all, now)
	out := make([]studyredis.Judged, len(asked))
	for i, a := range all {
		out[i] = a.Judged
	}
	return out, err
}

func TestManyBeatsTravelTogether(t *testing.T) {
	t.Parallel()
	t.Run("to one server", func(t *testing.T) { t.Parallel(); travelTogether(t, redistest.New(t)) })
	t.Run("to a cluster, whose slots they lie in by person", func(t *testing.T) { t.Parallel(); travelTogether(t, redistest.NewCluster(t)) })
	t.Run("to whom the Sentinels name", func(t *testing.T) { t.Parallel(); travelTogether(t, redistest.NewSentinel(t)) })
}

func travelTogether(t *testing.T, client goredis.UniversalClient) {
	p := study.Policy{}.OrDefaults()
	hot := studyredis.New(client, p)
	var asked []studyredis.Asked
	for i := range 300 {
		w := studyredis.Who{Person: uuid.New(), Session: uuid.New()}
		s := study.State{Fence: 1, OpenedMS: 1000, LastMS: 1000, DurationMS: 60_000, NeedS: 57, Chain: study.NewChain(), Delivered: study.Bits{1}}
		if i%3 != 0 { // every third has no state
			if err := hot.Put(t.Context(), w, study.Person{Fence: 1}, &s); err != nil {
				t.Fatal(err)
			}
		}
		spans := []study.Span{{FromMS: 0, ToMS: 3000, Rate: 100}}
		claim, err := study.NewClaim(study.Report{Visible: true, Spans: spans}, study.Meta{DurationMS: 60_000}, p)
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, studyredis.Asked{Who: w, Beat: study.Beat{Seq: 1, Chain: s.Chain, Claim: claim, Needs: []study.Segments{{}}, Report: study.PackReport(study.Report{Visible: true, Spans: spans})}})
	}
	got, err := judge(hot, asked, 5000)
	if err != nil {
		t.Fatal(err)
	}
	for i, j := range got {
		want := study.Accepted
		if i%3 == 0 {
			want = study.Missing
		}
		if j.Verdict != want || (want == study.Accepted && (j.State.CoveredS != 3 || j.State.VerifiedMS != 3000)) {
			t.Fatalf("beat %d: %+v", i, j)
		}
	}
	// Asked again, by servers that know the script by now: the same answers.
	again, err := judge(hot, asked, 6000)
	if err != nil {
		t.Fatal(err)
	}
	for i, j := range again {
		if want := min(got[i].Verdict, study.Missing); j.Verdict != max(want, study.Repeated) || j.State.VerifiedMS != got[i].State.VerifiedMS {
			t.Fatalf("beat %d again: %+v", i, j)
		}
	}
}

func TestPutKeepsWhatRedisKnowsBetter(t *testing.T) {
	t.Parallel()
	hot := studyredis.New(redistest.New(t), study.Policy{}.OrDefaults())
	w := studyredis.Who{Person: uuid.New(), Session: uuid.New()}
	fresh := study.State{Fence: 5, Seq: 3, OpenedMS: 1000, LastMS: 9000, DurationMS: 60_000, CreditFromMS: 4000, CreditMS: 5000}
	put := func(p study.Person, s study.State) {
		t.Helper()
		if err := hot.Put(t.Context(), w, p, &s); err != nil {
			t.Fatal(err)
		}
	}
	put(study.Person{Fence: 5, UntilMS: 9000}, fresh)
	old := fresh
	old.Seq = 2
	put(study.Person{Fence: 4, UntilMS: 4000}, old) // a rebuild that read before a take-over
	got, _, err := hot.Session(t.Context(), w)
	if err != nil || got.Seq != 3 {
		t.Fatalf("an older state replaced the newer: %+v %v", got, err)
	}
	// The person is still of fence 5, so beat 4 is judged and not fenced.
	j, err := judge(hot, []studyredis.Asked{{Who: w, Beat: study.Beat{Seq: 4, Claim: study.Claim{Playhead: -1}}}}, 10_000)
	if err != nil || j[0].Verdict != study.Accepted {
		t.Fatalf("%+v %v", j, err)
	}
}

// A batch is judged one by one, whatever it reads at once: a beat sent twice at once counts once, and the next one may stand in the same batch.
func TestOneSessionMayStandInABatchSeveralTimes(t *testing.T) {
	t.Parallel()
	p := study.Policy{ChecksPerHour: 3}.OrDefaults()
	hot := studyredis.New(redistest.New(t), p)
	w := studyredis.Who{Person: uuid.New(), Session: uuid.New()}
	s := study.State{Fence: 1, OpenedMS: 1000, LastMS: 1000, DurationMS: 600_000, NeedS: 600, Chain: study.NewChain(), Delivered: study.Bits{7}}
	if err := hot.Put(t.Context(), w, study.Person{Fence: 1}, &s); err != nil {
		t.Fatal(err)
	}
	beat := func(seq int64, chain, next study.Chain, from, to int64) studyredis.Asked {
		spans := []study.Span{{FromMS: from, ToMS: to, Rate: 100}}
		claim, err := study.NewClaim(study.Report{Spans: spans}, study.Meta{DurationMS: s.DurationMS}, p)
		if err != nil {
			t.Fatal(err)
		}
		return studyredis.Asked{Who: w, Beat: study.Beat{Seq: seq, Chain: chain, Next: next, Claim: claim, Needs: []study.Segments{{}}, Luck: 1<<24 - 1, Report: study.PackReport(study.Report{Spans: spans})}}
	}
	one, two := study.NewChain(), study.NewChain()
	first := beat(1, s.Chain, one, 0, 1000)
	got, err := judge(hot, []studyredis.Asked{first, first, beat(2, one, two, 1000, 3000)}, 4000)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Verdict != study.Accepted || got[1].Verdict != study.Repeated || got[2].Verdict != study.Accepted {
		t.Fatalf("judged %d, %d, %d", got[0].Verdict, got[1].Verdict, got[2].Verdict)
	}
	if got[0].State.PendingMS != 1000 || got[1].State.PendingMS != 1000 || got[2].State.PendingMS != 3000 || got[2].State.PendingS != 3 {
		t.Fatalf("credited %d, %d and %d ms", got[0].State.PendingMS, got[1].State.PendingMS, got[2].State.PendingMS)
	}
}
