// Package learning knows who studies what and how far they are: enrolments,
// progress, and when a course is complete.
package learning

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Enrolment is a person in one version of a course.
type Enrolment struct {
	ID           uuid.UUID
	PersonID     uuid.UUID
	CourseID     uuid.UUID
	VersionID    uuid.UUID
	EnrolledAt   time.Time
	StudiedAt    *time.Time
	CompletedAt  *time.Time
	LessonsDone  int // required lessons completed
	LessonsTotal int // required lessons
	CoveredS     int
	VerifiedS    int
	NextLessonID *uuid.UUID
	Serial       *string // of the certificate, once the hours are registered
}

// Progress is how far a person is in one lesson.
type Progress struct {
	LessonID    uuid.UUID
	Covered     [][2]int // seconds verifiably watched, as [from, to)
	CoveredS    int
	VerifiedS   int
	ResumeAtMS  int64
	CompletedAt *time.Time
	Open        bool     // may be started: what must come before is done
	QuizBest    *float64 // best share of the points, percent
}

// Plan is a version's lessons in order, with what is done of them.
type Plan struct {
	Chapters []catalog.Chapter
	Progress map[uuid.UUID]Progress
}

// Lessons are all lessons in the outline's order.
func (p Plan) Lessons() []catalog.Lesson {
	var out []catalog.Lesson
	for _, c := range p.Chapters {
		out = append(out, c.Lessons...)
	}
	return out
}

// done says whether a lesson is complete.
func (p Plan) done(id uuid.UUID) bool { return p.Progress[id].CompletedAt != nil }

// MissingBefore lists the required lectures and readings before a quiz that are not
// complete: a quiz opens when there are none. Other lessons are always open.
func (p Plan) MissingBefore(lesson uuid.UUID) []catalog.Lesson {
	var missing []catalog.Lesson
	for _, l := range p.Lessons() {
		if l.ID == lesson {
			if l.Kind != catalog.QuizLesson {
				return nil
			}
			return missing
		}
		if l.Kind != catalog.QuizLesson && l.Required && !p.done(l.ID) {
			missing = append(missing, l)
		}
	}
	return nil
}

// Ordered is the progress of every lesson in the outline's order, with Open filled in.
func (p Plan) Ordered() []Progress {
	var out []Progress
	for _, l := range p.Lessons() {
		x := p.Progress[l.ID]
		x.LessonID = l.ID
		x.Open = len(p.MissingBefore(l.ID)) == 0
		out = append(out, x)
	}
	return out
}

// Next is where to go on: the first required lesson that is not complete, else
// the first lesson that is not, else none.
func (p Plan) Next() *uuid.UUID {
	var first *uuid.UUID
	for _, l := range p.Lessons() {
		if p.done(l.ID) {
			continue
		}
		if l.Required {
			return new(l.ID)
		}
		if first == nil {
			first = new(l.ID)
		}
	}
	return first
}

// Neighbours are the lessons before and after one.
func (p Plan) Neighbours(lesson uuid.UUID) (before, after *uuid.UUID) {
	all := p.Lessons()
	for i, l := range all {
		if l.ID != lesson {
			continue
		}
		if i > 0 {
			before = new(all[i-1].ID)
		}
		if i+1 < len(all) {
			after = new(all[i+1].ID)
		}
	}
	return before, after
}

// LessonsMissing refuses a quiz whose lectures and readings are not done yet, naming them.
func LessonsMissing(missing []catalog.Lesson) error {
	fields := make([]fault.Field, len(missing))
	for i, l := range missing {
		t := l.Title.Or()
		fields[i] = fault.Field{Path: "lessons." + l.ID.String(), Message: t.Zh + " / " + t.En}
	}
	return fault.Coded(fault.Conflict, "lessons-missing", "Finish the required lectures and readings before this quiz first.", fields...)
}

// NotEnrolled refuses a lesson to somebody who has not enrolled.
func NotEnrolled() error {
	return fault.Coded(fault.Forbidden, "not-enrolled", "Enrol in the course first.")
}
