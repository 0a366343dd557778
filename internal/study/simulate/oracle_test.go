package simulate

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// good is a history that keeps every promise: 10 s, a check, 5 s and its
// answer, a take-over, 5 s that wait for the next check.
func good() *record {
	r := &record{lessons: []lesson{{lengthMS: 60_000}}, windowPercent: 100, skewMS: 10, startMS: 1000, endMS: 40_000, forgot: map[int]bool{}}
	r.sessions = []session{
		{id: [16]byte{1}, fence: 1, openedMS: 1000, chain: [12]byte{7}, honest: true, settled: true, playedMS: 15_000},
		{id: [16]byte{2}, fence: 2, openedMS: 20_000, chain: [12]byte{8}, honest: true, settled: true, playedMS: 5000},
	}
	at := func(order int, ms int64) act { return act{begin: moment{order, ms}, end: moment{order + 1, ms}} }
	r.opens = []openAct{{act: at(1, 1000), session: 0}, {act: at(21, 20_000), session: 1, takeOver: true, told: told{verifiedMS: 15_000}}}
	for n := range int64(3) {
		r.delivers = append(r.delivers, deliverAct{act: at(3+2*int(n), 1100), session: 0, segment: n})
	}
	for n := range int64(2) {
		r.delivers = append(r.delivers, deliverAct{act: at(23+2*int(n), 20_100), session: 1, segment: 2 + n})
	}
	r.addBeat(at(9, 12_000), 0, 1, 1000, span{0, 10_000, 100}, nil, askedNow)
	check := checkID{12: 0, 13: 0, 14: 39, 15: 16}
	copy(check[:], r.rows[0].chain[:])
	r.beats[0].told = told{pendingMS: 10_000, asked: asked{id: check}}
	r.addBeat(at(11, 18_000), 0, 2, 11_000, span{10_000, 15_000, 100}, &reply{id: check, mask: 1, right: true}, passed)
	r.beats[1].told = told{verifiedMS: 15_000, covered: seconds(15)}
	r.addBeat(at(29, 26_000), 1, 1, 20_000, span{15_000, 20_000, 100}, nil, waitingForCheck)
	r.beats[2].told = told{verifiedMS: 15_000, pendingMS: 5000, covered: seconds(15)}
	r.beats = append(r.beats, r.beats[1]) // the answer was lost, the beat sent again
	r.beats[3].act = at(13, 18_500)
	r.early = slices.Clone(r.rows[:1])
	r.rebuilds = []rebuilt{{session: 1, seq: 1, verifiedMS: 15_000, pendingMS: 5000, covered: seconds(15)}}
	return r
}

func seconds(n int64) (s set) {
	for i := range n {
		s.add(i)
	}
	return s
}

func (r *record) addBeat(a act, session int, seq, from int64, s span, answer *reply, o outcome) {
	b := beat{seq: seq, spans: []span{s}, reply: answer}
	r.beats = append(r.beats, beatAct{act: a, session: session, seq: seq, report: b.packed(), spans: b.spans, reply: answer, token: "t"})
	r.rows = append(r.rows, row{session: session, seq: seq, atMS: a.end.ms, creditFrom: from, creditMS: s.wall(), report: b.packed(), outcome: o})
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
		"covered and never played":           {func(r *record) { r.rebuilds[0].covered.add(40) }, "second 40 of lesson 0 is covered"},
		"played and never covered":           {func(r *record) { r.rebuilds[0].covered[0] &^= 1 << 3 }, "second 3 of lesson 0 was played whole"},
		"more is sent than the budget":       {func(r *record) { r.sendAll() }, "of media when"},
		"answered without evidence":          {func(r *record) { r.rows = r.rows[:2] }, "S1 #1 was answered, but there is no evidence"},
		"evidence of what nobody sent":       {func(r *record) { r.rows[2].report = beat{spans: []span{{0, 5000, 100}}}.packed() }, "a report that nobody sent"},
		"a retry gets another token":         {func(r *record) { r.beats[3].token = "u" }, "answered twice and differently"},
		"a retry is told another figure":     {func(r *record) { r.beats[3].told.verifiedMS++ }, "answered twice and differently"},
		"the figure told is not the sum":     {func(r *record) { r.beats[2].told.verifiedMS++ }, "S1 #1 was told 15001 ms"},
		"played too fast":                    {func(r *record) { r.rows[2].report = beat{spans: []span{{15_000, 20_000, 250}}}.packed() }, "rate: S1 #1 was played at 250"},
		"more media than the window":         {func(r *record) { r.rows[2].atMS = 22_400 }, "rate: S1 #1 holds 5000 ms of media in a window of 2400"},
		"credit beyond the grace":            {func(r *record) { r.rows[1].atMS = 200_000 }, "beyond the grace"},
		"a fenced session goes on":           {func(r *record) { r.beats[1].begin.order, r.beats[3].begin.order = 40, 42 }, "one live session: S0 #2 was taken after S1"},
		"a fenced session is sent media":     {func(r *record) { r.delivers[2].begin.order = 40 }, "one live session: S0 was sent segment 2"},
		"opened beside a live one":           {func(r *record) { r.opens[1].takeOver = false }, "without a take-over"},
		"a rebuild has less time":            {func(r *record) { r.rebuilds[0].verifiedMS-- }, "is rebuilt with 14999 ms"},
		"a rebuild has less beats":           {func(r *record) { r.rebuilds[0].seq = 0 }, "as of #0"},
		"a rebuild has less seconds":         {func(r *record) { r.rebuilds[0].covered = nil }, "a rebuild does not find"},
		"complete too early":                 {func(r *record) { r.rebuilds[0].completed = 1 }, "told 1 times to be complete"},
		"an honest device is refused":        {func(r *record) { r.beats[0].code = "too-fast" }, "S0 #1 was refused: too-fast"},
		"an honest device is fenced":         {func(r *record) { r.beats[2].code = "fenced" }, "S1 #1 was refused: fenced"},
		"an honest device loses what it saw": {func(r *record) { r.sessions[1].playedMS = 6000 }, "S1 played 6000 ms and was credited 5000"},
		"an honest device gets no answer":    {func(r *record) { r.sessions[1].stuck = true }, "got no answer"},
		"a row is changed":                   {func(r *record) { r.rows[0].atMS++ }, "does not follow from the row before"},
		"a row is changed with its chain":    {func(r *record) { r.rows[0].atMS++; r.link() }, "S0 #1 is not what it was"},
		"confirmed and nobody answered":      {func(r *record) { r.rows[2].outcome = passed }, "S1 #1 is 3, with no check open"},
		"confirmed by a wrong answer":        {func(r *record) { r.answered(false) }, "S0 #2 was taken as 3, and is 4"},
		"confirmed too late":                 {func(r *record) { r.rows[1].atMS = 192_001 }, "S0 #2 was taken as 3, and is 5"},
		"an answer to another check":         {func(r *record) { r.rows[1].report[len(r.rows[1].report)-18]++ }, "which is not the open check"},
		"a right answer is taken for a miss": {func(r *record) { r.rows[1].outcome = missed }, "S0 #2 was taken as 5, and is 3"},
		"an honest person misses a check":    {func(r *record) { r.rows[1].outcome = missed }, "a check asked at 12000 was taken as 5 at 18000"},
		"credited while study is paused":     {func(r *record) { r.rows[1].outcome = missed }, "S1 #1 is credited while study is paused"},
		"nobody is ever asked":               {func(r *record) { r.rows[0].outcome, r.rows[0].creditMS = waitingForCheck, 40_000 }, "nobody was asked for 40000 ms"},
		"asked again and again":              {func(r *record) { r.rows[0].creditMS = 6000 }, "asks after 6000 ms"},
		"no check at all":                    {func(r *record) { r.rows[2].outcome = confirmed }, "S1 #1 is 0, with no check open"},
		"a check is told that is not open":   {func(r *record) { r.beats[2].told.asked.id[0] = 1 }, "was told of check"},
		"a check is not told":                {func(r *record) { r.beats[0].told.asked = asked{} }, "was told of check"},
		"what is pending is told verified":   {func(r *record) { r.beats[2].told = told{verifiedMS: 20_000} }, "was told 20000 ms, 0 pending"},
		"forfeited time comes back":          {func(r *record) { r.beats[2].told.forfeitedMS++ }, "5000 pending and 1 forfeited"},
		"an opening is told another figure":  {func(r *record) { r.opens[1].told.pendingMS++ }, "the opening of S1 was told"},
		"a rebuild loses what is pending":    {func(r *record) { r.rebuilds[0].pendingMS-- }, "is rebuilt with 15000 ms, 4999 pending"},
		"a rebuild forgets the check":        {func(r *record) { r.rebuilds[0].check[0] = 1 }, "and check 01"},
		"a lesson is not there any more":     {func(r *record) { r.rebuilds = nil }, "lesson 0 is not found again"},
		"pending seconds count as covered":   {func(r *record) { r.rebuilds[0].covered.add(16) }, "never played whole and confirmed"},
		"an outcome is changed":              {func(r *record) { r.early = slices.Clone(r.rows[:1]); r.early[0].outcome = waitingForCheck }, "S0 #1 is not what it was"},
		"read in the background":             {func(r *record) { r.document(60_000); r.rows[2].report[0] = 0 }, "S1 #1 was read in the background"},
		"read faster than time passes": {func(r *record) {
			r.document(60_000)
			r.rows[2].report = beat{spans: []span{{15_000, 20_000, 150}}}.packed()
		}, "rate: S1 #1 was played at 150"},
		"read for too long":   {func(r *record) { r.document(15_000) }, "20000 ms are credited in a document of 15000"},
		"read and never sent": {func(r *record) { r.document(60_000) }, "S1 #1 holds segment 0"},
		"complete with a page left out": {func(r *record) {
			r.document(60_000)
			r.rebuilds[0].completed = 1
		}, "told 1 times to be complete"},
		"a row is left out": {func(r *record) { r.rows = r.rows[1:] }, "S0 has #2 where #1 should be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := good()
			tc.doctor(r)
			if broken := strings.Join(examine(r, documented), "\n"); !strings.Contains(broken, tc.want) {
				t.Errorf("found %q, not %q", broken, tc.want)
			}
		})
	}
}

// answered makes the answer to the check another one.
func (r *record) answered(right bool) {
	for i := range r.beats {
		if r.beats[i].reply != nil {
			r.beats[i].reply = &reply{id: r.beats[i].reply.id, mask: 1, right: right}
		}
	}
}

// document makes the lesson one to be read, of pages of 15 s.
func (r *record) document(ms int64) { r.lessons[0] = lesson{lengthMS: ms, unitMS: 15_000, needS: 6} }

// sendAll sends the whole lesson, twice as long, at once.
func (r *record) sendAll() {
	r.lessons[0].lengthMS = 120_000
	for n := int64(3); n < 20; n++ {
		d := r.delivers[0]
		d.segment = n
		r.delivers = append(r.delivers, d)
	}
}
