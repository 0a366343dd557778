package engine

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// Prompt is what a check asks in a lesson.
func (e *Engine) Prompt(ctx context.Context, lesson uuid.UUID, c study.CheckID) (study.Prompt, error) {
	if !c.Asks() {
		return study.Prompt{}, nil
	}
	questions, err := e.questions.get(ctx, lesson, e.o.Evidence.Questions)
	if err != nil {
		return study.Prompt{}, err
	}
	return c.Prompt(questions), nil
}

// grade says whether a reply is right, for the check it names. Whether that
// one is open is for the state to say.
func (e *Engine) grade(ctx context.Context, s studydb.Session, r *study.Reply) error {
	p, err := e.Prompt(ctx, s.LessonID, r.ID)
	r.Right = err == nil && p.Accepts(r.Mask)
	return err
}
