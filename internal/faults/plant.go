package faults

import (
	"bytes"
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// lessonMS is short, so that many complete it between faults; two segments long.
const lessonMS = 8_500

// segmentBytes is how much of nothing stands for a segment.
const segmentBytes = 20_000

// course is one lesson and the people who wait to study it.
type course struct {
	studytest.Course
	people chan student
}

// student is somebody who is enrolled and signed in.
type student struct {
	person, enrolment uuid.UUID
	cookie            string
}

func plant(ctx context.Context, db *pg.DB, files string, people int) (c course, err error) {
	if _, err := db.Pool().Exec(ctx, `SELECT study_make_partitions(current_date - 1, 3)`); err != nil {
		return c, err
	}
	if c.Course, err = studytest.PlantCourse(ctx, db, lessonMS); err != nil {
		return c, err
	}
	store, err := disk.Open(files)
	if err != nil {
		return c, err
	}
	for n := range c.Manifest.Segments() {
		key := media.SegmentKey(c.Asset, c.Manifest.Renditions[0].Name, n)
		if err := store.Put(ctx, key, bytes.NewReader(make([]byte, segmentBytes)), segmentBytes, "video/iso.segment"); err != nil {
			return c, err
		}
	}
	all, err := c.Enrol(ctx, db, people)
	if err != nil {
		return c, err
	}
	cookies, err := studytest.SignIn(ctx, db, all)
	if err != nil {
		return c, err
	}
	c.people = make(chan student, people)
	for i, p := range all {
		c.people <- student{p.Person, p.Enrolment, cookies[i]}
	}
	return c, nil
}
