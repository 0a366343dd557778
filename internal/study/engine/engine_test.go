package engine_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// house is everything study needs, with a clock that the test turns.
type house struct {
	t         *testing.T
	db        *pg.DB
	policy    study.Policy
	redis     goredis.UniversalClient
	store     *studydb.Store
	engine    *engine.Engine
	course    studytest.Course
	people    []studytest.Learner
	clock     atomic.Int64 // ms
	completed atomic.Int64
	fail      atomic.Bool   // the hook of completion fails
	every     time.Duration // deliveries are written; 0: as usual
}

func build(t *testing.T, durationMS int64) *house {
	t.Helper()
	return buildWith(t, durationMS, study.Policy{})
}

func buildWith(t *testing.T, durationMS int64, p study.Policy) *house {
	t.Helper()
	h := &house{t: t, db: pgtest.New(t), redis: redistest.New(t), policy: p.OrDefaults()}
	h.clock.Store(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC).UnixMilli())
	var err error
	if h.course, err = studytest.PlantCourse(t.Context(), h.db, durationMS); err != nil {
		t.Fatal(err)
	}
	if h.people, err = h.course.Enrol(t.Context(), h.db, 3); err != nil {
		t.Fatal(err)
	}
	h.store = studydb.New(h.db, func(context.Context, *pg.Tx, uuid.UUID, uuid.UUID, time.Time) error {
		if h.fail.Load() {
			return fault.Away(errors.New("cut"), time.Second, "cut")
		}
		h.completed.Add(1)
		return nil
	})
	h.engine = h.another()
	return h
}

// another is a second server on the same stores.
func (h *house) another() *engine.Engine {
	h.t.Helper()
	secret := make([]byte, 32)
	keys, err := study.NewKeys(study.Key{ID: "test", Secret: secret})
	if err != nil {
		h.t.Fatal(err)
	}
	e := engine.New(engine.Options{
		Hot: studyredis.New(h.redis, h.policy), Evidence: h.store, Keys: keys, Policy: h.policy, Now: h.now, FlushEvery: h.every,
		Manifest: func(context.Context, uuid.UUID) (media.Manifest, error) { return h.course.Manifest, nil },
	})
	h.t.Cleanup(e.Stop)
	return e
}

func (h *house) now() time.Time       { return time.UnixMilli(h.clock.Load()) }
func (h *house) pass(d time.Duration) { h.clock.Add(d.Milliseconds()) }

// wipe takes everything out of Redis.
func (h *house) wipe() {
	h.t.Helper()
	if err := h.redis.FlushAll(h.t.Context()).Err(); err != nil {
		h.t.Fatal(err)
	}
}

// player is a client that keeps to the protocol.
type player struct {
	h      *house
	e      *engine.Engine
	person studytest.Learner
	id     uuid.UUID
	token  string
	seq    int64
	at     int64 // playhead
	last   study.Report
}

func (h *house) open(person int, takeOver bool) (*player, error) {
	p := &player{h: h, e: h.engine, person: h.people[person], seq: 1}
	o, err := h.engine.Open(h.t.Context(), engine.OpenRequest{
		PersonID: p.person.Person, EnrolmentID: p.person.Enrolment, LessonID: h.course.Lesson, TakeOver: takeOver, Device: "Chrome on Linux", SignIn: []byte("s"),
	})
	p.id, p.token, p.at = o.Meta.ID, o.Token, o.State.ResumeMS
	return p, err
}

func (h *house) mustOpen(person int) *player {
	h.t.Helper()
	p, err := h.open(person, false)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (p *player) fetch(from, to int64) error {
	list, err := p.e.Playlist(p.h.t.Context(), p.person.Person, p.id)
	if err != nil {
		return err
	}
	for n := from / studytest.SegmentMS; n*studytest.SegmentMS < to; n++ {
		proof, expires := list.Sign("720p", int(n))
		_, err := p.e.Deliver(p.h.t.Context(), engine.SegmentRequest{Session: p.id, Rendition: "720p", Number: int(n), Expires: expires, Proof: proof})
		if err != nil {
			return err
		}
	}
	return nil
}

// play fetches, lets the time pass and reports it.
func (p *player) play(ms int64) (engine.Answer, error) {
	if err := p.fetch(p.at, p.at+ms); err != nil {
		return engine.Answer{}, err
	}
	p.h.pass(time.Duration(ms) * time.Millisecond)
	p.last = study.Report{Token: p.token, Seq: p.seq, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: p.at, ToMS: p.at + ms, Rate: 100}}}
	p.at += ms
	return p.send()
}

// send sends the last report, perhaps again.
func (p *player) send() (engine.Answer, error) {
	a, err := p.e.Beat(p.h.t.Context(), p.person.Person, p.id, p.last)
	if err == nil {
		p.token, p.seq = a.Token, a.State.Seq+1
	}
	return a, err
}

func (p *player) mustPlay(ms int64) engine.Answer {
	p.h.t.Helper()
	a, err := p.play(ms)
	if err != nil {
		p.h.t.Fatal(err)
	}
	return a
}

// recorded is what PostgreSQL has of a person: the clock credited by the
// evidence, and what is covered as a rebuild finds it.
func (h *house) recorded(l studytest.Learner) (verifiedMS, covered, beats int64) {
	h.t.Helper()
	err := h.db.Pool().QueryRow(h.t.Context(), `
		SELECT coalesce(sum(credit_ms), 0)::bigint, count(*) FROM study_beats b JOIN study_sessions s ON s.id = b.session_id WHERE s.person_id = $1`, l.Person).Scan(&verifiedMS, &beats)
	if err != nil {
		h.t.Fatal(err)
	}
	var last uuid.UUID
	if err := h.db.Pool().QueryRow(h.t.Context(), `SELECT id FROM study_sessions WHERE person_id = $1 ORDER BY fence DESC LIMIT 1`, l.Person).Scan(&last); err != nil {
		h.t.Fatal(err)
	}
	s, err := h.store.Session(h.t.Context(), last)
	if err != nil {
		h.t.Fatal(err)
	}
	_, state, err := h.store.Rebuild(h.t.Context(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	if state.VerifiedMS != verifiedMS {
		h.t.Errorf("a rebuild finds %d ms verified, the evidence says %d", state.VerifiedMS, verifiedMS)
	}
	return verifiedMS, state.CoveredS, beats
}

func (h *house) expect(l studytest.Learner, verifiedMS, covered, beats int64) {
	h.t.Helper()
	v, c, b := h.recorded(l)
	if v != verifiedMS || c != covered || b != beats {
		h.t.Errorf("PostgreSQL has %d ms, %d s covered, %d beats; want %d, %d, %d", v, c, b, verifiedMS, covered, beats)
	}
}

func TestWhatIsAnsweredIsInPostgreSQL(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	p := h.mustOpen(0)
	for i := range int64(4) {
		a := p.mustPlay(15_000)
		h.expect(h.people[0], (i+1)*15_000, (i+1)*15, i+1)
		if a.State.Completed != (i == 3) {
			t.Errorf("after beat %d: completed %v", i+1, a.State.Completed)
		}
	}
	if h.completed.Load() != 1 {
		t.Errorf("the completion was told %d times", h.completed.Load())
	}
	if _, err := p.play(1000); err == nil {
		t.Error("media beyond the end is credited")
	}
}

func TestARetryGetsTheSameAnswerAndCountsOnce(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	p := h.mustOpen(0)
	first := p.mustPlay(15_000)
	again, err := p.send()
	if err != nil || again.Token != first.Token || again.State.VerifiedMS != 15_000 {
		t.Fatalf("again: %+v %v", again.State, err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if a, err := p.e.Beat(t.Context(), p.person.Person, p.id, p.last); err != nil || a.Token != first.Token {
				t.Errorf("at once: %v", err)
			}
		})
	}
	all.Wait()
	h.expect(h.people[0], 15_000, 15, 1)
}

func TestRedisMayLoseEverythingAtAnyMoment(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	p := h.mustOpen(0)
	h.wipe() // before the first beat
	p.mustPlay(15_000)
	waitFor(t, func() bool { return h.delivered(p.id) == 18_000 }) // deliveries are written a moment later
	h.wipe()
	if a, err := p.send(); err != nil || a.State.Seq != 1 { // the retry of an answered beat
		t.Fatalf("%+v %v", a.State, err)
	}
	h.wipe()
	p.mustPlay(15_000)
	h.expect(h.people[0], 30_000, 30, 2)
}

func TestWhatABeatRestsOnIsWrittenBeforeItWhicheverServerSentIt(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	h.every = time.Hour
	p := h.mustOpen(0)
	p.e = h.another() // which is killed with what it has not written
	if err := p.fetch(0, 15_000); err != nil {
		t.Fatal(err)
	}
	p.e = h.another()
	h.pass(15 * time.Second)
	p.last = study.Report{Token: p.token, Seq: 1, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: 0, ToMS: 15_000, Rate: 100}}}
	if _, err := p.send(); err != nil {
		t.Fatal(err)
	}
	if ms := h.delivered(p.id); ms != 18_000 {
		t.Errorf("%d ms are noted as delivered behind a beat that was answered", ms)
	}
}

func TestWhatTwoServersSentIsBothNotedAlthoughRedisForgotTheFirst(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	h.every = time.Hour
	p := h.mustOpen(0)
	first, second := h.another(), h.another()
	p.e = first
	if err := p.fetch(0, 6000); err != nil {
		t.Fatal(err)
	}
	h.wipe()
	p.e = second // as much, but something else
	if err := p.fetch(6000, 12_000); err != nil {
		t.Fatal(err)
	}
	first.Flush()
	h.pass(6 * time.Second)
	p.last = study.Report{Token: p.token, Seq: 1, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: 6000, ToMS: 12_000, Rate: 100}}}
	if _, err := p.send(); err != nil {
		t.Fatal(err)
	}
	var segments int
	if err := h.db.Pool().QueryRow(t.Context(), `SELECT bit_count(delivered) FROM study_sessions WHERE id = $1`, p.id).Scan(&segments); err != nil || segments != 2 {
		t.Errorf("%d segments are noted as delivered, %v", segments, err)
	}
}

func (h *house) delivered(session uuid.UUID) (ms int64) {
	if err := h.db.Pool().QueryRow(h.t.Context(), `SELECT delivered_ms FROM study_sessions WHERE id = $1`, session).Scan(&ms); err != nil {
		h.t.Fatal(err)
	}
	return ms
}

func waitFor(t *testing.T, ready func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came true")
		}
	}
}

func TestAHalfDoneWriteIsCompletedByTheRetry(t *testing.T) {
	t.Parallel()
	h := build(t, 15_000)
	p := h.mustOpen(0)
	h.fail.Store(true) // Redis has judged, PostgreSQL cannot keep
	if _, err := p.play(15_000); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("got %v, want Unavailable", err)
	}
	h.expect(h.people[0], 0, 0, 0)
	h.fail.Store(false)
	if a, err := p.send(); err != nil || !a.State.Completed {
		t.Fatalf("%+v %v", a.State, err)
	}
	h.expect(h.people[0], 15_000, 15, 1)
	if h.completed.Load() != 1 {
		t.Errorf("the completion was told %d times", h.completed.Load())
	}
}

func TestAHalfDoneWriteSurvivesATakeOver(t *testing.T) {
	t.Parallel()
	h := build(t, 15_000)
	p := h.mustOpen(0)
	h.fail.Store(true)
	if _, err := p.play(15_000); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("got %v", err)
	}
	h.fail.Store(false)
	if _, err := h.open(0, true); err != nil {
		t.Fatal(err)
	}
	h.expect(h.people[0], 15_000, 15, 1)
	if h.completed.Load() != 1 {
		t.Errorf("the completion was told %d times", h.completed.Load())
	}
}

func TestOneLiveSessionAPerson(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	first := h.mustOpen(0)
	first.mustPlay(15_000)
	var held *study.LeaseHeld
	if _, err := h.open(0, false); !errors.As(err, &held) || held.Device != "Chrome on Linux" || held.LessonID != h.course.Lesson {
		t.Fatalf("got %v", err)
	}
	h.mustOpen(1) // another person is not concerned
	second, err := h.open(0, true)
	if err != nil {
		t.Fatal(err)
	}
	if second.at != 15_000 {
		t.Errorf("goes on at %d ms", second.at)
	}
	if _, err := first.play(5000); codeOf(err) != "session-closed" && codeOf(err) != "fenced" {
		t.Errorf("the first went on: %v", err)
	}
	second.at = 15_000
	second.mustPlay(15_000)
	h.wipe()
	first.last = study.Report{Token: first.token, Seq: first.seq, State: study.Playing}
	if _, err := first.send(); codeOf(err) != "session-closed" && codeOf(err) != "fenced" {
		t.Errorf("the first came back when Redis was lost: %v", err)
	}
	// 15 s, 5 s in which only the fenced one played, 15 s.
	h.expect(h.people[0], 30_000, 30, 2)
}

func codeOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

func TestALeaseEndsWithItsGrace(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	h.mustOpen(0).mustPlay(5000)
	h.pass(3*time.Minute - time.Millisecond)
	if _, err := h.open(0, false); codeOf(err) != "lease-held" {
		t.Fatalf("got %v", err)
	}
	h.pass(time.Millisecond)
	h.mustOpen(0)
}

func TestManyOpenAtOnceAndOneHoldsTheLease(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	var all sync.WaitGroup
	players := make([]*player, 6)
	for i := range players {
		all.Go(func() {
			p, err := h.open(0, true)
			if err == nil {
				players[i] = p
			} else if !errors.Is(err, studydb.ErrOvertaken) {
				t.Errorf("open: %v", err)
			}
		})
	}
	all.Wait()
	live := 0
	for _, p := range players {
		if p == nil {
			continue
		}
		p.last = study.Report{Token: p.token, Seq: 1, State: study.Playing}
		if _, err := p.send(); err == nil {
			live++
		}
	}
	if live != 1 {
		t.Errorf("%d sessions are live", live)
	}
}

func TestTwoServersServeOneLearner(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	p := h.mustOpen(0)
	other := h.another()
	for i := range 6 {
		if p.e = h.engine; i%2 == 1 {
			p.e = other
		}
		p.mustPlay(10_000)
	}
	h.expect(h.people[0], 60_000, 60, 6)
}

func TestSessionsOfOthersDoNotExist(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	p := h.mustOpen(0)
	stranger := h.people[1].Person
	for name, err := range map[string]error{
		"beat":     second(h.engine.Beat(t.Context(), stranger, p.id, study.Report{Token: p.token, Seq: 1})),
		"close":    h.engine.Close(t.Context(), stranger, p.id),
		"playlist": second(h.engine.Playlist(t.Context(), stranger, p.id)),
		"unknown":  second(h.engine.Beat(t.Context(), stranger, uuid.New(), study.Report{Token: p.token, Seq: 1})),
	} {
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.mustPlay(5000)
}

func second[T any](_ T, err error) error { return err }

func TestAddressesAreForOneSessionAndItsPace(t *testing.T) {
	t.Parallel()
	h := build(t, 600_000)
	p, q := h.mustOpen(0), h.mustOpen(1)
	list, err := h.engine.Playlist(t.Context(), p.person.Person, p.id)
	if err != nil {
		t.Fatal(err)
	}
	proof, expires := list.Sign("720p", 0)
	ask := engine.SegmentRequest{Session: p.id, Rendition: "720p", Expires: expires, Proof: proof}
	if x, err := h.engine.Deliver(t.Context(), ask); err != nil || x != (engine.Segment{Key: media.SegmentKey(h.course.Asset, "720p", 0), First: true}) {
		t.Fatalf("%+v %v", x, err)
	}
	if again, err := h.engine.Deliver(t.Context(), ask); err != nil || again.First {
		t.Fatalf("a segment sent before: %+v %v", again, err)
	}
	for name, change := range map[string]func(*engine.SegmentRequest){
		"another session":   func(r *engine.SegmentRequest) { r.Session = q.id },
		"another segment":   func(r *engine.SegmentRequest) { r.Number = 1 },
		"another rendition": func(r *engine.SegmentRequest) { r.Rendition = "360p" },
		"a longer life":     func(r *engine.SegmentRequest) { r.Expires++ },
		"no proof":          func(r *engine.SegmentRequest) { r.Proof = "" },
	} {
		r := ask
		change(&r)
		if _, err := h.engine.Deliver(t.Context(), r); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := p.fetch(0, 66_000); fault.KindOf(err) != fault.TooMany {
		t.Errorf("eleven segments at once: %v", err)
	}
	if err := h.engine.Close(t.Context(), p.person.Person, p.id); err != nil {
		t.Fatal(err)
	}
	other, _ := list.Sign("720p", 50)
	if _, err := h.engine.Deliver(t.Context(), engine.SegmentRequest{Session: p.id, Rendition: "720p", Number: 50, Expires: expires, Proof: other}); codeOf(err) != "session-closed" {
		t.Errorf("a closed session is sent more: %v", err)
	}
	h.pass(24 * time.Hour)
	if _, err := h.engine.Deliver(t.Context(), ask); fault.KindOf(err) != fault.Gone {
		t.Errorf("an expired address: %v", err)
	}
}

func TestASessionEndsWithItsSignIn(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	p := h.mustOpen(0)
	p.mustPlay(5000)
	if err := h.engine.CloseSignIn(t.Context(), p.person.Person, []byte("another")); err != nil {
		t.Fatal(err)
	}
	p.mustPlay(5000)
	if err := h.engine.CloseSignIn(t.Context(), p.person.Person, []byte("s")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.play(5000); codeOf(err) != "session-closed" {
		t.Errorf("it went on: %v", err)
	}
}

func TestEvidenceCannotBeRewritten(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	if err := h.store.MakePartitions(t.Context(), h.now(), 3); err != nil {
		t.Fatal(err)
	}
	if err := h.store.MakePartitions(t.Context(), h.now(), 3); err != nil {
		t.Fatalf("a second time: %v", err)
	}
	h.mustOpen(0).mustPlay(15_000)
	for _, sql := range []string{`UPDATE study_beats SET credit_ms = 99999`, `DELETE FROM study_beats`} {
		if _, err := h.db.Pool().Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is taken", sql)
		}
	}
	var rest int
	if err := h.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM study_beats_rest`).Scan(&rest); err != nil || rest != 0 {
		t.Errorf("%d beats lie outside the day's partition (%v)", rest, err)
	}
}

// The figures of a lesson are written now and then; when a session ends, by
// whatever way, they are those of its evidence.
func TestTheLessonIsUpToDateWhenASessionEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, p *player) error{
		"closed":     func(h *house, p *player) error { return h.engine.Close(h.t.Context(), p.person.Person, p.id) },
		"taken over": func(h *house, _ *player) error { return second(h.open(0, true)) },
		"signed out": func(h *house, p *player) error {
			return h.engine.CloseSignIn(h.t.Context(), p.person.Person, []byte("s"))
		},
		"not at all, but looked at": func(h *house, _ *player) error {
			return h.engine.Refresh(h.t.Context(), h.people[0].Person)
		},
		"left for long": func(h *house, _ *player) error {
			h.pass(time.Hour)
			return second(h.open(0, false))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t, 200_000)
			p := h.mustOpen(0)
			for range 11 {
				p.mustPlay(5500)
			}
			if err := end(h, p); err != nil {
				t.Fatal(err)
			}
			var verified, covered, seq int64
			err := h.db.Pool().QueryRow(t.Context(), `SELECT verified_ms, covered_s, as_of_seq FROM study_lessons WHERE enrolment_id = $1`, h.people[0].Enrolment).Scan(&verified, &covered, &seq)
			if err != nil || verified != 60_500 || covered != 60 || seq != 11 {
				t.Errorf("%d ms, %d s as of beat %d (%v)", verified, covered, seq, err)
			}
			h.expect(h.people[0], 60_500, 60, 11)
		})
	}
}

func TestARebuildAtAnyBeatIsWhatRedisHeld(t *testing.T) {
	t.Parallel()
	h := build(t, 600_000)
	p := h.mustOpen(0)
	for range 20 {
		want := p.mustPlay(3300).State
		s, err := h.store.Session(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := h.store.Rebuild(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		// Deliveries are written a moment later and only grow.
		got.Delivered, got.DeliveredMS, got.CompletedSeq = want.Delivered, want.DeliveredMS, want.CompletedSeq
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("rebuilt\n%+v\nRedis held\n%+v", got, want)
		}
	}
}

func TestManyLearnersAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t, 60_000)
	people, err := h.course.Enrol(t.Context(), h.db, 60)
	if err != nil {
		t.Fatal(err)
	}
	h.people = people
	players := make([]*player, len(people))
	for i := range people {
		players[i] = h.mustOpen(i)
		if err := players[i].fetch(0, 30_000); err != nil {
			t.Fatal(err)
		}
	}
	h.pass(30 * time.Second)
	var all sync.WaitGroup
	for _, p := range players {
		all.Go(func() {
			for range 6 {
				p.last = study.Report{Token: p.token, Seq: p.seq, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: p.at, ToMS: p.at + 5000, Rate: 100}}}
				p.at += 5000
				if _, err := p.send(); err != nil {
					t.Errorf("beat %d: %v", p.seq, err)
					return
				}
			}
		})
	}
	all.Wait()
	for _, l := range people {
		h.expect(l, 30_000, 30, 6)
	}
}
