package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/learning"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// Quizzes is what the operations on attempts call. Another person's attempt is NotFound.
type Quizzes interface {
	Quiz(ctx context.Context, id uuid.UUID) (quiz.Place, error)
	Attempts(ctx context.Context, enrolment, quizID uuid.UUID) ([]quiz.Attempt, error)
	Start(ctx context.Context, person, enrolment, quizID uuid.UUID) (quiz.Attempt, error)
	Attempt(ctx context.Context, person, id uuid.UUID) (quiz.Attempt, error)
	Save(ctx context.Context, person, attempt, question uuid.UUID, choices []string) (quiz.Answer, error)
	Submit(ctx context.Context, person, attempt uuid.UUID) error
}

// quizFor is a quiz with the person's enrolment and plan.
func (s *Server) quizFor(ctx context.Context, id uuid.UUID) (quiz.Place, learning.Enrolment, learning.Plan, error) {
	var e learning.Enrolment
	var plan learning.Plan
	place, err := s.svc.Quizzes.Quiz(ctx, id)
	if err == nil {
		e, err = s.svc.Learning.EnrolmentOfLesson(ctx, identity.ActorFrom(ctx).PersonID, place.LessonID)
	}
	if err == nil {
		plan, _, err = s.plan(ctx, e)
	}
	return place, e, plan, err
}

func (s *Server) getQuiz(ctx context.Context, in *IDPath) (*Body[Quiz], error) {
	place, e, plan, err := s.quizFor(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	attempts, err := s.svc.Quizzes.Attempts(ctx, e.ID, in.ID)
	if err != nil {
		return nil, err
	}
	out := Quiz{
		QuizSummary: quizSummaryOf(place.Quiz), Title: Text(place.Title.Or()), LessonID: place.LessonID, EnrolmentID: e.ID,
		Open: len(plan.MissingBefore(place.LessonID)) == 0, Attempts: []AttemptSummary{}, AttemptsLeft: place.Quiz.Left(len(attempts)),
	}
	for _, a := range attempts {
		out.Attempts = append(out.Attempts, attemptSummaryOf(a))
	}
	return &Body[Quiz]{out}, nil
}

func (s *Server) startAttempt(ctx context.Context, in *IDPath) (*Body[Attempt], error) {
	place, e, plan, err := s.quizFor(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if missing := plan.MissingBefore(place.LessonID); len(missing) > 0 {
		return nil, learning.LessonsMissing(missing)
	}
	a, err := s.svc.Quizzes.Start(ctx, identity.ActorFrom(ctx).PersonID, e.ID, in.ID)
	if err != nil {
		return nil, err
	}
	return s.getAttempt(ctx, &IDPath{ID: a.ID})
}

func (s *Server) getAttempt(ctx context.Context, in *IDPath) (*Body[Attempt], error) {
	person := identity.ActorFrom(ctx).PersonID
	a, err := s.svc.Quizzes.Attempt(ctx, person, in.ID)
	if err != nil {
		return nil, err
	}
	place, err := s.svc.Quizzes.Quiz(ctx, a.QuizID)
	if err != nil {
		return nil, err
	}
	e, err := s.svc.Learning.Enrolment(ctx, person, a.EnrolmentID)
	if err != nil {
		return nil, err
	}
	all, err := s.svc.Quizzes.Attempts(ctx, a.EnrolmentID, a.QuizID)
	if err != nil {
		return nil, err
	}
	out := Attempt{
		AttemptSummary: attemptSummaryOf(a), Quiz: quizSummaryOf(place.Quiz), LessonID: place.LessonID, EnrolmentID: a.EnrolmentID, Title: Text(place.Title.Or()),
		Questions: []AttemptQuestion{}, AttemptsLeft: place.Quiz.Left(len(all)), CourseCompleted: e.CompletedAt != nil,
	}
	for _, q := range place.Quiz.Shuffled(a.ID) {
		out.Questions = append(out.Questions, attemptQuestionOf(q, a))
	}
	return &Body[Attempt]{out}, nil
}

func (s *Server) saveAnswer(ctx context.Context, in *SaveAnswerInput) (*Body[SavedAnswer], error) {
	saved, err := s.svc.Quizzes.Save(ctx, identity.ActorFrom(ctx).PersonID, in.ID, in.Question, in.Body.Choices)
	if err != nil {
		return nil, err
	}
	return &Body[SavedAnswer]{SavedAnswer{Question: in.Question, Choices: some(saved.Choices), SavedAt: saved.SavedAt}}, nil
}

func (s *Server) submitAttempt(ctx context.Context, in *IDPath) (*Body[Attempt], error) {
	if err := s.svc.Quizzes.Submit(ctx, identity.ActorFrom(ctx).PersonID, in.ID); err != nil {
		return nil, err
	}
	return s.getAttempt(ctx, in)
}

func quizSummaryOf(q quiz.Quiz) QuizSummary {
	return QuizSummary{ID: q.ID, Questions: len(q.Questions), PassMark: q.PassMark, AttemptsAllowed: q.AttemptsAllowed, TimeLimitS: q.TimeLimitS}
}

func attemptSummaryOf(a quiz.Attempt) AttemptSummary {
	out := AttemptSummary{ID: a.ID, Number: a.Number, StartedAt: a.StartedAt, DueAt: a.DueAt, SubmittedAt: a.SubmittedAt, Points: a.Points, PointsTotal: a.PointsTotal, Passed: a.Passed}
	if a.SubmittedAt != nil {
		out.Percent = new(a.Percent())
	}
	return out
}

// attemptQuestionOf tells what is right only once the attempt is submitted.
func attemptQuestionOf(q quiz.Question, a quiz.Attempt) AttemptQuestion {
	answer := a.Answers[q.ID]
	out := AttemptQuestion{ID: q.ID, Kind: string(q.Kind), Stem: Text(q.Stem.Or()), Points: q.Points, Choices: []Choice{}, Answer: some(answer.Choices)}
	if !answer.SavedAt.IsZero() {
		out.SavedAt = new(answer.SavedAt)
	}
	done := a.SubmittedAt != nil
	for _, c := range q.Choices {
		choice := Choice{ID: c.ID, Text: Text(c.Text.Or())}
		if done {
			choice.Correct = new(c.Correct)
		}
		out.Choices = append(out.Choices, choice)
	}
	if done {
		out.Correct, out.Explanation = new(q.Right(answer.Choices)), new(Text(q.Explanation.Or()))
	}
	return out
}
