package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// lesson is what there is to study: a video, or a document whose positions are
// reading time, page by page.
type lesson struct {
	lengthMS int64
	unitMS   int64 // reading time of a page at most; 0: a video
	needS    int64 // and at least, in seconds
	asks     bool  // it has questions of its own
}

func (l lesson) reading() bool { return l.unitMS > 0 }

var lessons = []lesson{
	{lengthMS: 4_300}, {lengthMS: 17_000, asks: true}, {lengthMS: 59_999}, {lengthMS: 90_000, asks: true}, {lengthMS: 200_500, asks: true},
	{lengthMS: 600_000}, {lengthMS: 3_600_000, asks: true},
	{lengthMS: 30_000, unitMS: 30_000, needS: 10}, {lengthMS: 60_000, unitMS: 15_000, needS: 6, asks: true},
}

// pageRunes is how long a text of one page may be.
const pageRunes = 1500

// question is one of a lesson's own, with the texts of its right choices.
type question struct {
	prompt         string
	multiple       bool  // more than one choice may be right
	atMS           int64 // of a video; in a document each is on a page of its own
	choices, right []string
}

var questions = []question{
	{"first", false, 0, []string{"a", "b", "c", "d"}, []string{"b"}},
	{"second", true, 4_000, []string{"e", "f", "g"}, []string{"e", "g"}},
	{"third", false, 12_000, []string{"h", "i"}, []string{"h"}},
	{"fourth", true, 30_000, []string{"j", "k", "l", "m", "n", "o", "p", "q"}, []string{"q"}},
}

// rightMask is the answer to a prompt, as its choices were shown: bit i is choice i.
func rightMask(prompt string, shown []string) (mask uint16) {
	for _, q := range questions {
		if q.prompt != prompt {
			continue
		}
		for i, c := range shown {
			if slices.Contains(q.right, c) {
				mask |= 1 << i
			}
		}
	}
	return mask
}

// plant writes the lessons that all histories of a database are about.
func plant(ctx context.Context, db *pg.DB) (courses []studytest.Course, err error) {
	for _, l := range lessons {
		c, err := studytest.PlantCourse(ctx, db, l.lengthMS)
		if err != nil {
			return nil, err
		}
		if err := l.plantRest(ctx, db, c.Lesson); err != nil {
			return nil, err
		}
		courses = append(courses, c)
	}
	if _, err := db.Pool().Exec(ctx, `SELECT study_make_partitions($1::date, 5)`, firstDay.AddDate(0, 0, -1)); err != nil {
		return nil, fmt.Errorf("make partitions: %w", err)
	}
	return courses, nil
}

// plantRest makes a document of a lesson that is one, and writes its questions.
func (l lesson) plantRest(ctx context.Context, db *pg.DB, id uuid.UUID) error {
	b := &pgx.Batch{}
	if l.reading() {
		pages := l.lengthMS / l.unitMS
		b.Queue(`UPDATE lessons SET kind = 'document', asset_id = NULL, duration_ms = 0, body_zh = $2, min_s = $3, max_s = $4 WHERE id = $1`,
			id, strings.Repeat("读", int(pages)*pageRunes), pages*l.needS, l.lengthMS/1000)
	}
	for i, q := range questions {
		if !l.asks {
			break
		}
		choices, err := json.Marshal(q.choices)
		if err != nil {
			return err
		}
		atMS, page := q.atMS, 0
		if l.reading() {
			atMS, page = 0, i+1
		}
		b.Queue(`INSERT INTO lesson_questions (lesson_id, position, at_ms, page, multiple, prompt, choices, right_mask) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, i, atMS, page, q.multiple, q.prompt, choices, rightMask(q.prompt, q.choices))
	}
	if err := db.Pool().SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("plant a lesson: %w", err)
	}
	return nil
}

func (w *worker) manifest(_ context.Context, asset uuid.UUID) (media.Manifest, error) {
	for _, c := range w.courses {
		if c.Asset == asset {
			return c.Manifest, nil
		}
	}
	return media.Manifest{}, fmt.Errorf("no such video: %s", asset)
}

// learner is a person and their enrolment in each course.
type learner struct {
	person     uuid.UUID
	enrolments []uuid.UUID
}

// enrol writes people, who are used again by one world after another.
func enrol(ctx context.Context, db *pg.DB, courses []studytest.Course, n int) ([]learner, error) {
	first, err := courses[0].Enrol(ctx, db, n)
	if err != nil {
		return nil, err
	}
	ids, people := make([]uuid.UUID, n), make([]learner, n)
	for i, l := range first {
		ids[i] = l.Person
		people[i] = learner{l.Person, []uuid.UUID{l.Enrolment}}
	}
	for _, c := range courses[1:] {
		more, err := c.EnrolPeople(ctx, db, ids)
		if err != nil {
			return nil, err
		}
		for i, l := range more {
			people[i].enrolments = append(people[i].enrolments, l.Enrolment)
		}
	}
	return people, nil
}
