package attacks_test

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// scene is the place of one attack: people made for it alone.
type scene struct {
	*testing.T
	st     *stage
	people []*learner
}

// person is somebody new who is enrolled in the course.
func (s *scene) person() *learner {
	s.Helper()
	l := s.st.newcomer(s.T)
	l.enrol(s.T, s.st.course)
	s.people = append(s.people, l)
	return l
}

// seat is an open session with its video.
type seat struct {
	*client.Session
	s    *scene
	l    *learner
	list client.Playlist
	at   int64 // playhead, ms
	// Before it was opened, and ms credited since: what is left of the clock is at most the rest.
	opened   time.Time
	credited int64
}

// seat opens a session of somebody new.
func (s *scene) seat() *seat { s.Helper(); return s.sit(s.person()) }

func (s *scene) sit(l *learner) *seat {
	s.Helper()
	began := time.Now()
	x, err := l.client.Open(s.Context(), s.st.course.video)
	return s.seated(l, began, x, err)
}

func (s *scene) takeOver(l *learner) *seat {
	s.Helper()
	began := time.Now()
	x, err := l.client.TakeOver(s.Context(), s.st.course.video)
	return s.seated(l, began, x, err)
}

func (s *scene) seated(l *learner, began time.Time, x *client.Session, err error) *seat {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	out := &seat{Session: x, s: s, l: l, opened: began}
	if out.list, err = x.Playlist(s.Context()); err != nil {
		s.Fatal(err)
	}
	return out
}

// fetch has [from, to) of the media delivered.
func (x *seat) fetch(from, to int64) {
	x.s.Helper()
	for _, segment := range x.list.Between(from, to) {
		if data, err := x.Fetch(x.s.Context(), segment); err != nil || len(data) == 0 {
			x.s.Fatalf("%d bytes, %v", len(data), err)
		}
	}
}

// wait lets so much of the server's clock pass.
func (x *seat) wait(ms int64) { time.Sleep(time.Duration(ms+20) * time.Millisecond) }

// study plays so many milliseconds honestly, and must be credited for them.
func (x *seat) study(ms int64) client.Answer {
	x.s.Helper()
	x.fetch(x.at, x.at+ms)
	x.wait(ms)
	a, err := x.Beat(x.s.Context(), client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{{FromMS: x.at, ToMS: x.at + ms, Rate: 1}}})
	if err != nil {
		x.s.Fatalf("an honest beat: %v", err)
	}
	x.at += ms
	x.earn(ms)
	return a
}

// earn notes what was credited rightly.
func (x *seat) earn(ms int64) {
	x.credited += ms
	x.l.earned += ms
}

// tooFast claims more than can have passed. Should the machine have stood
// still for so long that it did pass, the claim is honest.
func (s *scene) tooFast(x *seat, list ...client.Span) {
	s.Helper()
	var wall int64
	for _, p := range list {
		wall += int64(math.Ceil(float64(p.ToMS-p.FromMS) / p.Rate))
	}
	_, err := x.Beat(s.Context(), client.Beat{State: client.Playing, Visible: true, Spans: list})
	if left := time.Since(x.opened).Milliseconds() - x.credited; err == nil && left+1 >= wall {
		x.earn(wall)
		return
	}
	s.refusedErr(err, client.TooFast)
}

// claim sends a beat as it is, and leaves the seat's own sequence alone.
func (x *seat) claim(spans ...client.Span) answer {
	x.s.Helper()
	seq, token := x.Next()
	return x.post(beat(seq, token, spans...))
}

func (x *seat) post(body string, headers ...string) answer {
	x.s.Helper()
	return x.l.send(x.s.T, "POST", x.Path()+"/beats", body, headers...)
}

func beat(seq int64, token string, spans ...client.Span) string {
	if spans == nil {
		spans = []client.Span{}
	}
	data, err := json.Marshal(obj{"token": token, "seq": seq, "state": "playing", "visible": true, "spans": spans})
	if err != nil {
		panic(err)
	}
	return string(data)
}

func span(from, to int64, rate float64) client.Span {
	return client.Span{FromMS: from, ToMS: to, Rate: rate}
}

// refused expects the status and the code; an attack that was let through is the end of the scene.
func (s *scene) refused(a answer, status int, code string) {
	s.Helper()
	if a.status != status || a.code != code {
		s.Fatalf("the attack was answered %s; want %d %s", a, status, code)
	}
}

func (s *scene) refusedErr(err error, code string) {
	s.Helper()
	if client.CodeOf(err) != code {
		s.Fatalf("the attack was answered %v; want %s", err, code)
	}
}

func (s *scene) accepted(a answer) (out client.Answer) {
	s.Helper()
	if a.status != 200 {
		s.Fatalf("answered %s, want 200", a)
	}
	a.into(s.T, &out)
	return out
}

// crowd does the same many times at once.
func crowd(n int, do func(i int) answer) []answer {
	out := make([]answer, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { out[i] = do(i) })
	}
	all.Wait()
	return out
}

// tally counts answers by status and code.
func tally(all []answer) map[string]int {
	out := map[string]int{}
	for _, a := range all {
		out[fmt.Sprint(a.status, " ", a.code)]++
	}
	return out
}

// settle holds the books against what was studied: exactly that was credited,
// never more than the clock, and no moment twice.
func (s *scene) settle() {
	s.Helper()
	for _, l := range s.people {
		s.settleOne(l)
	}
}

func (s *scene) settleOne(l *learner) {
	s.Helper()
	const of = ` FROM study_beats b JOIN study_sessions s ON s.id = b.session_id WHERE s.person_id = $1`
	credited := s.st.count(s.T, `SELECT coalesce(sum(credit_ms), 0)::bigint`+of, l.id)
	if credited != l.earned {
		s.Errorf("%d ms were credited, %d were studied", credited, l.earned)
	}
	if passed := time.Since(l.began).Milliseconds(); credited > passed {
		s.Errorf("%d ms were credited of %d that passed", credited, passed)
	}
	if twice := s.st.count(s.T, `SELECT count(*) FROM (SELECT b.credit_from_ms < max(b.credit_from_ms + b.credit_ms) OVER (ORDER BY s.fence, b.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS twice`+of+`) x WHERE twice`, l.id); twice != 0 {
		s.Errorf("%d beats were credited a moment that was given out before", twice)
	}
	if kept := s.st.count(s.T, `SELECT coalesce(sum(l.verified_ms), 0)::bigint FROM study_lessons l JOIN enrolments e ON e.id = l.enrolment_id WHERE e.person_id = $1`, l.id); kept > credited {
		s.Errorf("the lessons say %d ms, the evidence %d", kept, credited)
	}
	if done := s.st.count(s.T, `SELECT count(*) FROM lesson_completions c JOIN enrolments e ON e.id = c.enrolment_id WHERE e.person_id = $1`, l.id); done != 0 {
		s.Errorf("%d lessons were completed without being studied", done)
	}
}
