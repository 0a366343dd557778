package quiz

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Grace is how long after the time limit an answer on its way still counts.
const Grace = 10 * time.Second

// Place is a quiz and where it stands.
type Place struct {
	Quiz     Quiz
	LessonID uuid.UUID
	Title    Text
}

// Attempt is one try at a quiz.
type Attempt struct {
	ID          uuid.UUID
	QuizID      uuid.UUID
	EnrolmentID uuid.UUID
	PersonID    uuid.UUID
	Number      int
	StartedAt   time.Time
	DueAt       *time.Time
	SubmittedAt *time.Time
	Points      *int
	PointsTotal *int
	Passed      *bool
	Answers     map[uuid.UUID]Answer
}

// Answer is what was chosen for a question.
type Answer struct {
	Choices []string
	SavedAt time.Time
	Correct *bool // after submission
}

// Overdue says that the time limit is over.
func (a Attempt) Overdue(now time.Time) bool {
	return a.SubmittedAt == nil && a.DueAt != nil && now.After(a.DueAt.Add(Grace))
}

// Percent is the share of the points reached.
func (a Attempt) Percent() float64 {
	if a.Points == nil || a.PointsTotal == nil || *a.PointsTotal == 0 {
		return 0
	}
	return float64(*a.Points*1000 / *a.PointsTotal) / 10
}

// CheckAnswer judges the choices for one question and returns them tidied.
func (q Question) CheckAnswer(choices []string) ([]string, error) {
	chosen := slices.Compact(slices.Sorted(slices.Values(choices)))
	for _, id := range chosen {
		if !slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.ID == id }) {
			return nil, fault.New(fault.Invalid, "there is no such choice", fault.Field{Path: "body.choices", Message: "holds what is not a choice of this question"})
		}
	}
	if q.Kind != MultipleChoice && len(chosen) > 1 {
		return nil, fault.New(fault.Invalid, "this question has one answer", fault.Field{Path: "body.choices", Message: "must hold at most one choice"})
	}
	return chosen, nil
}

// Right says whether exactly the right choices were chosen, in whatever order.
func (q Question) Right(choices []string) bool {
	chosen := map[string]bool{}
	for _, id := range choices {
		chosen[id] = true
	}
	for _, c := range q.Choices {
		if c.Correct != chosen[c.ID] {
			return false
		}
		delete(chosen, c.ID)
	}
	return len(chosen) == 0
}

// Result is what an attempt came to.
type Result struct {
	Points  int
	Total   int
	Passed  bool
	Correct map[uuid.UUID]bool
}

// Grade counts the points of the questions answered right: all of a question's
// points or none. The pass mark is a share of all points, reached or exceeded.
func (q Quiz) Grade(answers map[uuid.UUID]Answer) Result {
	r := Result{Correct: map[uuid.UUID]bool{}}
	for _, question := range q.Questions {
		r.Total += question.Points
		right := question.Right(answers[question.ID].Choices)
		r.Correct[question.ID] = right
		if right {
			r.Points += question.Points
		}
	}
	r.Passed = r.Total > 0 && r.Points*100 >= q.PassMark*r.Total
	return r
}

// Shuffled is the quiz in the order of one attempt: the same every time it is
// looked at, another for every attempt. True and false keep their places.
func (q Quiz) Shuffled(attempt uuid.UUID) []Question {
	out := slices.Clone(q.Questions)
	r := dice(attempt, "")
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		if out[i].Kind == TrueFalse {
			continue
		}
		out[i].Choices = slices.Clone(out[i].Choices)
		r := dice(attempt, out[i].ID.String())
		r.Shuffle(len(out[i].Choices), func(a, b int) {
			out[i].Choices[a], out[i].Choices[b] = out[i].Choices[b], out[i].Choices[a]
		})
	}
	return out
}

func dice(attempt uuid.UUID, salt string) *rand.Rand {
	h := fnv.New128a()
	_, _ = h.Write(append(attempt[:], salt...))
	sum := h.Sum(nil)
	var lo, hi uint64
	for i := range 8 {
		lo, hi = lo<<8|uint64(sum[i]), hi<<8|uint64(sum[8+i])
	}
	return rand.New(rand.NewPCG(lo, hi))
}

// MayStart says whether another attempt is allowed after so many.
func (q Quiz) MayStart(made int) error {
	if q.AttemptsAllowed != nil && made >= *q.AttemptsAllowed {
		return fault.Coded(fault.Conflict, "no-attempts-left", "All attempts at this quiz are used up.")
	}
	return nil
}

// Left is how many attempts remain; nil: no bound.
func (q Quiz) Left(made int) *int {
	if q.AttemptsAllowed == nil {
		return nil
	}
	left := max(0, *q.AttemptsAllowed-made)
	return &left
}
