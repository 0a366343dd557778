package engine

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// Check is an open check with what it asks.
type Check struct {
	study.Check
	study.Prompt
	Left time.Duration // to answer in, by this server's clock
}

// check is what an open check asks; the zero Check when there is none.
func (e *Engine) check(ctx context.Context, lesson uuid.UUID, c study.Check) (Check, error) {
	if !c.Open() {
		return Check{}, nil
	}
	p, err := e.prompt(ctx, lesson, c.ID)
	return Check{c, p, max(0, time.Duration(c.ByMS-e.nowMS())*time.Millisecond)}, err
}

func (e *Engine) prompt(ctx context.Context, lesson uuid.UUID, id study.CheckID) (study.Prompt, error) {
	if !id.Asks() {
		return study.Prompt{}, nil
	}
	questions, err := e.questions.get(ctx, lesson, e.lessonQuestions)
	if err != nil {
		return study.Prompt{}, err
	}
	return id.Prompt(questions), nil
}

// lessonQuestions are a lesson's own. One on a page of a document may be asked
// when that page has been read for as long as it must be.
func (e *Engine) lessonQuestions(ctx context.Context, lesson uuid.UUID) ([]study.Question, error) {
	out, err := e.o.Evidence.Questions(ctx, lesson)
	if err != nil || len(out) == 0 || out[0].Page == 0 {
		return out, err
	}
	l, err := e.o.Evidence.Lesson(ctx, lesson)
	if err != nil {
		return nil, err
	}
	p := planOf(l)
	for i := range out {
		out[i].AtMS = int64((out[i].Page-1)*p.PageMaxS+p.PageMinS) * 1000
	}
	return out, nil
}

// grade says whether a reply is right, for the check it names. Whether that
// one is open is for the state to say.
func (e *Engine) grade(ctx context.Context, s studydb.Session, r *study.Reply) error {
	p, err := e.prompt(ctx, s.LessonID, r.ID)
	r.Right = err == nil && p.Accepts(r.Mask)
	return err
}

// Window is how much longer than usual a person has for a check, in percent.
func (e *Engine) Window(ctx context.Context, person uuid.UUID) (percent int, err error) {
	return e.o.Evidence.Window(ctx, person)
}

// SetWindow changes it for sessions opened from now on.
func (e *Engine) SetWindow(ctx context.Context, person uuid.UUID, percent int) error {
	return e.o.Evidence.SetWindow(ctx, person, percent)
}
