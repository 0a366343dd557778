package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// OpenRequest asks for a session in a lesson of an enrolment, which the caller
// has found to be the person's own.
type OpenRequest struct {
	PersonID    uuid.UUID
	EnrolmentID uuid.UUID
	LessonID    uuid.UUID
	TakeOver    bool
	Device      string // for people, e.g. "Chrome on Android"
	SignIn      []byte // names the sign-in; the session ends with it
	Browser     string // a random text that the browser keeps; empty: not known
}

// Opened is a session that may beat.
type Opened struct {
	Meta  study.Meta
	Token string // for the first beat
	State study.State
	Check Check        // one that is owed from an earlier session
	Plan  catalog.Plan // of a document; zero for a video
}

const maxDevice = 100

// Open opens a session. While another one is live it is refused with
// study.LeaseHeld, unless it is to be taken over.
func (e *Engine) Open(ctx context.Context, r OpenRequest) (Opened, error) {
	lesson, err := e.o.Evidence.Lesson(ctx, r.LessonID)
	if err != nil {
		return Opened{}, err
	}
	for try := 1; ; try++ {
		out, err := e.open(ctx, r, lesson)
		if !errors.Is(err, studydb.ErrOvertaken) {
			return out, err
		}
		if try == 3 {
			return out, fault.Away(err, time.Second, "You are opening this lesson in several places at once. Please try again.")
		}
	}
}

func (e *Engine) open(ctx context.Context, r OpenRequest, lesson studydb.Lesson) (out Opened, err error) {
	holder, last, err := e.giveWay(ctx, r)
	if err != nil {
		return out, err
	}
	id, first, err := e.o.NewSession(r.PersonID)
	if err != nil {
		return out, fmt.Errorf("new session's id: %w", err)
	}
	n := studydb.Session{Device: cutText(r.Device, maxDevice), DeviceKey: e.o.Keys.Device(r.Browser), SignIn: r.SignIn, Chain: first, WindowMS: e.o.Policy.CheckWindow.Milliseconds()}
	n.Meta = study.Meta{ID: id, PersonID: r.PersonID, EnrolmentID: r.EnrolmentID, LessonID: lesson.ID, AssetID: lesson.AssetID, OpenedMS: e.nowMS(), DurationMS: lesson.DurationMS}
	n.NeedS = e.o.Policy.Needed(lesson.DurationMS)
	if lesson.Document {
		out.Plan = planOf(lesson)
		n.UnitMS, n.NeedS = int64(out.Plan.PageMaxS)*1000, int64(out.Plan.PageMinS)
		n.DurationMS = int64(out.Plan.MaxS()) * 1000
	}
	opened, err := e.o.Evidence.Open(ctx, studydb.Opening{Session: n, Holder: holder, Last: last})
	if err != nil {
		return out, err
	}
	n = opened.Session
	if err := e.o.Hot.Put(ctx, studyredis.Who{Person: r.PersonID, Session: id}, opened.Person, &opened.State); err != nil {
		// A session that was never told must not stand in the way of the next.
		return out, errors.Join(err, e.o.Evidence.Close(context.WithoutCancel(ctx), n, nil, n.OpenedMS))
	}
	e.sessions.put(id, n)
	out.Meta, out.State, out.Token = n.Meta, opened.State, e.o.Keys.Token(id, 1, n.Chain, opened.State.VerifiedMS)
	out.Check, err = e.check(ctx, n.LessonID, out.State.Check)
	return out, err
}

func newSession(uuid.UUID) (uuid.UUID, study.Chain, error) {
	id, err := uuid.NewV7()
	return id, study.NewChain(), err
}

// giveWay looks at the session that is open now: live, it keeps its lease
// unless it is to be taken over; else it gives way, and its last beat is kept.
func (e *Engine) giveWay(ctx context.Context, r OpenRequest) (holder uuid.UUID, last *study.Row, err error) {
	live, found, err := e.o.Evidence.Live(ctx, r.PersonID)
	if err != nil || !found {
		return holder, nil, err
	}
	who := studyredis.Who{Person: live.PersonID, Session: live.ID}
	s, found, err := e.o.Hot.Session(ctx, who)
	if err == nil && !found {
		_, s, err = e.o.Evidence.Rebuild(ctx, live)
	}
	if err != nil {
		return holder, nil, err
	}
	seen := time.UnixMilli(s.LastMS)
	if !s.Closed && !r.TakeOver && e.o.Now().Sub(seen) < e.o.Policy.Grace {
		return holder, nil, &study.LeaseHeld{Device: live.Device, LessonID: live.LessonID, SeenAt: seen.UTC()}
	}
	if row, ok := s.LastRow(live.Meta); ok {
		last = &row
	}
	return live.ID, last, nil
}

// Close ends a session of a person; another person's does not exist.
func (e *Engine) Close(ctx context.Context, person, id uuid.UUID) error {
	s, err := e.ownSession(ctx, person, id)
	if err != nil {
		return err
	}
	return e.close(ctx, s)
}

func (e *Engine) close(ctx context.Context, s studydb.Session) error {
	who := studyredis.Who{Person: s.PersonID, Session: s.ID}
	if err := e.o.Hot.Close(ctx, who); err != nil {
		return err
	}
	// Closed, so it cannot change any more. A beat that was judged and is still
	// on its way to PostgreSQL is kept with the end.
	state, found, err := e.o.Hot.Session(ctx, who)
	if err != nil {
		return err
	}
	var last *study.Row
	if row, any := state.LastRow(s.Meta); found && any {
		last = &row
	}
	return e.o.Evidence.Close(ctx, s, last, e.nowMS())
}

// Refresh brings the figures that a person's own pages show up to the last beat.
func (e *Engine) Refresh(ctx context.Context, person uuid.UUID) error {
	return e.o.Evidence.Refresh(ctx, person)
}

// CloseSignIn ends the session that was opened under a sign-in which ends.
func (e *Engine) CloseSignIn(ctx context.Context, person uuid.UUID, signIn []byte) error {
	s, found, err := e.o.Evidence.Live(ctx, person)
	if err != nil || !found || string(s.SignIn) != string(signIn) {
		return err
	}
	return e.close(ctx, s)
}

func cutText(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
