package main_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// The exit code is what a script goes by.
func TestVerifyingEvidenceEndsByWhatItFinds(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	course, err := studytest.PlantCourse(t.Context(), db, 60_000)
	if err != nil {
		t.Fatal(err)
	}
	people, err := course.Enrol(t.Context(), db, 1)
	if err != nil {
		t.Fatal(err)
	}
	store := studydb.New(db, nil)
	n := studydb.Session{SignIn: []byte("s"), Chain: study.NewChain(), WindowMS: 60_000, NeedS: 60}
	n.Meta = study.Meta{ID: uuid.New(), PersonID: people[0].Person, EnrolmentID: people[0].Enrolment, LessonID: course.Lesson, AssetID: course.Asset, OpenedMS: time.Now().UnixMilli(), DurationMS: 60_000}
	opened, err := store.Open(t.Context(), studydb.Opening{Session: n})
	if err != nil {
		t.Fatal(err)
	}
	row := study.Row{Meta: opened.Session.Meta, Seq: 1, AtMS: n.OpenedMS + 5000, CreditFromMS: n.OpenedMS, Report: study.PackReport(study.Report{Visible: true})}
	row.Chain = study.Link(n.Chain, n.ID, 1, row.AtMS, row.Report)
	if _, err := store.Keep(t.Context(), []study.Row{row}); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOURGLASS_DATABASE_URL=" + url}
	for _, scope := range [][]string{nil, {"--session", n.ID.String()}, {"--day", time.UnixMilli(n.OpenedMS).UTC().Format(time.DateOnly)}} {
		args := append([]string{"admin", "evidence", "verify"}, scope...)
		if said := run(t, env, "", args...); !strings.HasPrefix(said, "1 sessions, 1 beats recomputed, 0 records") {
			t.Errorf("%v: %s", scope, said)
		}
	}
	row.Seq, row.Chain = 2, study.Chain{1}
	if _, err := store.Keep(t.Context(), []study.Row{row}); err != nil {
		t.Fatal(err)
	}
	said, err := program(t, env, "admin", "evidence", "verify").Output()
	if err == nil || !strings.Contains(string(said), "session "+n.ID.String()+": its chain is broken") {
		t.Errorf("%s (%v)", said, err)
	}
}
