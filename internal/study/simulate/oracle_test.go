package simulate

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// good is a history that keeps every promise: 10 s, 5 s, a take-over, 5 s.
func good() *record {
	r := &record{lessons: []int64{60_000}, skewMS: 10, startMS: 1000, endMS: 40_000, exempt: map[int]bool{}}
	r.sessions = []session{
		{id: [16]byte{1}, fence: 1, openedMS: 1000, chain: [12]byte{7}, honest: true, settled: true, playedMS: 15_000},
		{id: [16]byte{2}, fence: 2, openedMS: 20_000, chain: [12]byte{8}, honest: true, settled: true, playedMS: 5000},
	}
	at := func(order int, ms int64) act { return act{begin: moment{order, ms}, end: moment{order + 1, ms}} }
	r.opens = []openAct{{act: at(1, 1000), session: 0}, {act: at(21, 20_000), session: 1, takeOver: true}}
	for n := range int64(3) {
		r.delivers = append(r.delivers, deliverAct{act: at(3+2*int(n), 1100), session: 0, segment: n})
	}
	for n := range int64(2) {
		r.delivers = append(r.delivers, deliverAct{act: at(23+2*int(n), 20_100), session: 1, segment: 2 + n})
	}
	r.addBeat(at(9, 12_000), 0, 1, 1000, span{0, 10_000, 100})
	r.addBeat(at(11, 18_000), 0, 2, 11_000, span{10_000, 15_000, 100})
	r.addBeat(at(29, 26_000), 1, 1, 20_000, span{15_000, 20_000, 100})
	r.beats = append(r.beats, r.beats[1]) // the answer was lost, the beat sent again
	r.beats[3].act = at(13, 18_500)
	r.early = slices.Clone(r.rows[:1])
	r.rebuilds = []rebuilt{{session: 1, seq: 1, verifiedMS: 20_000, covered: r.beats[2].covered}}
	return r
}

func (r *record) addBeat(a act, session int, seq, from int64, s span) {
	b := beat{seq: seq, spans: []span{s}}
	covered := map[int64]bool{}
	for n := range s.to / 1000 {
		covered[n] = true
	}
	r.beats = append(r.beats, beatAct{act: a, session: session, seq: seq, report: b.packed(), spans: b.spans, token: "t", verifiedMS: s.to, covered: covered})
	r.rows = append(r.rows, row{session: session, seq: seq, atMS: a.end.ms, creditFrom: from, creditMS: s.wall(), report: b.packed()})
	r.link()
}

// link makes the chain right again.
func (r *record) link() {
	before := map[int][12]byte{}
	for i := range r.rows {
		e := &r.rows[i]
		link, any := before[e.session]
		if !any {
			link = r.sessions[e.session].chain
		}
		text := append(link[:], r.sessions[e.session].id[:]...)
		text = binary.BigEndian.AppendUint64(text, uint64(e.seq))
		text = binary.BigEndian.AppendUint64(text, uint64(e.atMS))
		sum := sha256.Sum256(append(text, e.report...))
		e.chain = [12]byte(sum[:12])
		before[e.session] = e.chain
	}
}

func TestAGoodHistoryPasses(t *testing.T) {
	t.Parallel()
	if broken := examine(good(), documented); len(broken) > 0 {
		t.Error(broken)
	}
}

func TestTheOracleHasTeeth(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		doctor func(r *record)
		want   string
	}{
		"a beat is credited twice":           {func(r *record) { r.rows = append(r.rows, r.rows[1]) }, "once is once: S0 #2 is there twice"},
		"a moment is credited twice":         {func(r *record) { r.rows[1].creditFrom = 10_999 }, "never more than the clock: S0 #2 is credited from"},
		"credit lies in the future":          {func(r *record) { r.rows[2].creditFrom = 21_001 }, "never more than the clock: S1 #1 is credited up to"},
		"credit is older than the session":   {func(r *record) { r.rows[2].creditFrom = 19_999 }, "before the session was opened"},
		"judged after it was answered":       {func(r *record) { r.rows[2].atMS = 26_011; r.link() }, "after it was answered"},
		"more is credited than was played":   {func(r *record) { r.rows[2].creditMS = 5001 }, "5001 ms for 5000 ms of playing"},
		"without delivery":                   {func(r *record) { r.delivers = r.delivers[1:] }, "S0 #1 holds segment 0"},
		"delivered to the other session":     {func(r *record) { r.delivers[4].session = 0 }, "S1 #1 holds segment 3"},
		"delivered afterwards":               {func(r *record) { r.delivers[4].begin.order = 31 }, "S1 #1 holds segment 3"},
		"covered and never played":           {func(r *record) { r.rebuilds[0].covered[40] = true }, "second 40 of lesson 0 is covered"},
		"played and never covered":           {func(r *record) { delete(r.rebuilds[0].covered, 3) }, "second 3 of lesson 0 was played whole"},
		"more is sent than the budget":       {func(r *record) { r.sendAll() }, "of media when"},
		"answered without evidence":          {func(r *record) { r.rows = r.rows[:2] }, "S1 #1 was answered, but there is no evidence"},
		"evidence of what nobody sent":       {func(r *record) { r.rows[2].report = beat{spans: []span{{0, 5000, 100}}}.packed() }, "a report that nobody sent"},
		"a retry gets another token":         {func(r *record) { r.beats[3].token = "u" }, "answered twice and differently"},
		"a retry is told another figure":     {func(r *record) { r.beats[3].verifiedMS++ }, "answered twice and differently"},
		"the figure told is not the sum":     {func(r *record) { r.beats[2].verifiedMS++ }, "S1 #1 was told 20001 ms"},
		"played too fast":                    {func(r *record) { r.rows[2].report = beat{spans: []span{{15_000, 20_000, 250}}}.packed() }, "rate: S1 #1 was played at 250"},
		"more media than the window":         {func(r *record) { r.rows[2].atMS = 22_400 }, "rate: S1 #1 holds 5000 ms of media in a window of 2400"},
		"credit beyond the grace":            {func(r *record) { r.rows[1].atMS = 200_000 }, "beyond the grace"},
		"a fenced session goes on":           {func(r *record) { r.beats[1].begin.order, r.beats[3].begin.order = 40, 42 }, "one live session: S0 #2 was taken after S1"},
		"a fenced session is sent media":     {func(r *record) { r.delivers[2].begin.order = 40 }, "one live session: S0 was sent segment 2"},
		"opened beside a live one":           {func(r *record) { r.opens[1].takeOver = false }, "without a take-over"},
		"a rebuild has less time":            {func(r *record) { r.rebuilds[0].verifiedMS-- }, "is rebuilt with 19999 ms"},
		"a rebuild has less beats":           {func(r *record) { r.rebuilds[0].seq = 0 }, "as of #0"},
		"a rebuild has less seconds":         {func(r *record) { r.rebuilds[0].covered = map[int64]bool{} }, "a rebuild does not find"},
		"complete too early":                 {func(r *record) { r.rebuilds[0].completed = 1 }, "told 1 times to be complete"},
		"an honest device is refused":        {func(r *record) { r.beats[0].code = "too-fast" }, "S0 #1 was refused: too-fast"},
		"an honest device is fenced":         {func(r *record) { r.beats[2].code = "fenced" }, "S1 #1 was refused: fenced"},
		"an honest device loses what it saw": {func(r *record) { r.sessions[1].playedMS = 6000 }, "S1 played 6000 ms and was credited 5000"},
		"an honest device gets no answer":    {func(r *record) { r.sessions[1].stuck = true }, "got no answer"},
		"a row is changed":                   {func(r *record) { r.rows[0].atMS++ }, "does not follow from the row before"},
		"a row is changed with its chain":    {func(r *record) { r.rows[0].atMS++; r.link() }, "S0 #1 is not what it was"},
		"a row is left out":                  {func(r *record) { r.rows = r.rows[1:] }, "S0 has #2 where #1 should be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			r.unshare()
			tc.doctor(r)
			if broken := strings.Join(examine(r, documented), "\n"); !strings.Contains(broken, tc.want) {
				t.Errorf("found %q, not %q", broken, tc.want)
			}
		})
	}
}

// unshare gives what a rebuild finds a set of its own.
func (r *record) unshare() {
	own := map[int64]bool{}
	for s := range r.rebuilds[0].covered {
		own[s] = true
	}
	r.rebuilds[0].covered = own
}

// sendAll sends the whole lesson, twice as long, at once.
func (r *record) sendAll() {
	r.lessons[0] = 120_000
	for n := int64(3); n < 20; n++ {
		d := r.delivers[0]
		d.segment = n
		r.delivers = append(r.delivers, d)
	}
}
