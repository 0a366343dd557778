package simulate

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
)

// firstDay is when histories begin.
var firstDay = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// worker runs one history after another on two servers of its own.
type worker struct {
	o       Options
	clock   atomic.Int64 // ms
	courses []studytest.Course
	servers [2]*server
	people  []learner
}

// learner is a person and their enrolment in each course.
type learner struct {
	person     uuid.UUID
	enrolments []uuid.UUID
}

func newWorker(ctx context.Context, o Options, n int, courses []studytest.Course) (w *worker, err error) {
	w = &worker{o: o, courses: courses}
	w.clock.Store(firstDay.UnixMilli())
	for i, name := range []string{"A", "B"} {
		if w.servers[i], err = w.newServer(ctx, name, o, o.RedisURL(n)); err != nil {
			return w, err
		}
	}
	return w, w.warm(ctx)
}

func (w *worker) close() {
	for _, s := range w.servers {
		if s != nil {
			s.close()
		}
	}
}

const peopleAtOnce = 200

// somebody is a person without a past.
func (w *worker) somebody(ctx context.Context) (l learner, err error) {
	if len(w.people) == 0 {
		if err := w.enrol(ctx); err != nil {
			return l, err
		}
	}
	l, w.people = w.people[0], w.people[1:]
	return l, nil
}

func (w *worker) enrol(ctx context.Context) error {
	db := w.servers[0].db
	first, err := w.courses[0].Enrol(ctx, db, peopleAtOnce)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(first))
	w.people = make([]learner, len(first))
	for i, l := range first {
		ids[i] = l.Person
		w.people[i] = learner{l.Person, []uuid.UUID{l.Enrolment}}
	}
	for _, c := range w.courses[1:] {
		more, err := c.EnrolPeople(ctx, db, ids)
		if err != nil {
			return err
		}
		for i, l := range more {
			w.people[i].enrolments = append(w.people[i].enrolments, l.Enrolment)
		}
	}
	return nil
}

// warm lets Redis learn the scripts, so that a history's commands are the
// same whether or not it is the first.
func (w *worker) warm(ctx context.Context) error {
	l, err := w.somebody(ctx)
	if err != nil {
		return err
	}
	for _, s := range w.servers {
		o, err := s.engine.Open(ctx, engine.OpenRequest{PersonID: l.person, EnrolmentID: l.enrolments[0], LessonID: w.courses[0].Lesson, Device: "warm", SignIn: []byte{0}})
		if err != nil {
			return err
		}
		list, err := s.engine.Playlist(ctx, l.person, o.Meta.ID)
		if err != nil {
			return err
		}
		proof, expires := list.Sign("720p", 0)
		if _, err := s.engine.Deliver(ctx, engine.SegmentRequest{Session: o.Meta.ID, Rendition: "720p", Expires: expires, Proof: proof}); err != nil {
			return err
		}
		if _, err := s.engine.Beat(ctx, l.person, o.Meta.ID, study.Report{Token: o.Token, Seq: 1}); err != nil {
			return err
		}
		if err := s.engine.Close(ctx, l.person, o.Meta.ID); err != nil {
			return err
		}
	}
	return nil
}

// history runs one, whose chances depend on its seed alone.
func (w *worker) history(ctx context.Context, seed uint64) (*history, error) {
	l, err := w.somebody(ctx)
	if err != nil {
		return nil, err
	}
	h := &history{w: w, ctx: ctx, learner: l, rng: rand.New(rand.NewPCG(seed, 0x486f7572)), record: record{seed: seed, lessons: lessonLengths, skewMS: 2 * maxOffset, exempt: map[int]bool{}}}
	h.begin()
	h.live()
	return h, h.end()
}
