package catalogdb_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/catalog/catalogdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/quiz"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is a nation with two provinces, a school in each, and people who write
// and decide. Every look at its clock is a second later than the one before.
type world struct {
	db                          *pg.DB
	store                       *catalogdb.Store
	nation, province, elsewhere uuid.UUID
	school, otherSchool         uuid.UUID
	author, officer, learner    uuid.UUID
	video                       uuid.UUID // the school's, ready, with Chinese captions
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{
		db: pgtest.New(t), nation: uuid.New(), province: uuid.New(), elsewhere: uuid.New(), school: uuid.New(), otherSchool: uuid.New(),
		author: uuid.New(), officer: uuid.New(), learner: uuid.New(), video: uuid.New(),
	}
	var mu sync.Mutex
	now := noon
	w.store = catalogdb.New(w.db, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	})
	w.exec(t, `INSERT INTO organisations (id, kind, level, name_zh, name_en, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'national', '人社部', 'Ministry', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '省厅', 'Province', $1, ARRAY[$2, $1::uuid], now()),
		($3, 'personnel_department', 'provincial', '外省', 'Elsewhere', $1, ARRAY[$3, $1::uuid], now()),
		($4, 'teaching_institution', NULL, '学院', 'College', $2, ARRAY[$4, $2, $1::uuid], now()),
		($5, 'teaching_institution', NULL, '外院', 'Academy', $3, ARRAY[$5, $3, $1::uuid], now())`, w.nation, w.province, w.elsewhere, w.school, w.otherSchool)
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '作者', now()), ($2, '处长', now()), ($3, '学员', now())`, w.author, w.officer, w.learner)
	w.asset(t, w.video, w.school, "video")
	w.exec(t, `INSERT INTO media_captions (asset_id, language, cues, cue_count, updated_at) VALUES ($1, 'zh', '[]', 3, now())`, w.video)
	return w
}

func (w world) asset(t *testing.T, id, org uuid.UUID, kind string) {
	t.Helper()
	w.exec(t, `INSERT INTO media_assets (id, org_id, kind, filename, size_bytes, part_size, state, duration_ms, manifest, created_by, created_at, updated_at)
		VALUES ($1, $2, $3, 'a', 1, 1, 'ready', 61500, '{}', $4, now(), now())`, id, org, kind, w.author)
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w world) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := w.db.Pool().QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// fields of a course that may be submitted.
func fields(title catalog.Text) catalog.Fields {
	field, hours := "agriculture-irrigation", 2.5
	text := catalog.Text{Zh: "简介", En: "About"}
	return catalog.Fields{Subject: catalog.Professional, FieldID: &field, Language: "zh", Title: title, Summary: text, Description: text, Outcomes: []catalog.Text{text}, ProposedHours: &hours}
}

// chapters of a course that may be submitted: a video, a text and a quiz.
func (w world) chapters() []catalog.Chapter {
	text := catalog.Text{Zh: "课", En: "lesson"}
	asked := quiz.Question{Kind: quiz.TrueFalse, Stem: text, Points: 1, Choices: []quiz.Choice{{Text: text, Correct: true}, {Text: text}}}
	return []catalog.Chapter{{Title: text, Lessons: []catalog.Lesson{
		{Kind: catalog.VideoLesson, Title: text, Required: true, AssetID: &w.video, Questions: []catalog.Question{
			{AtMS: 61_000, Prompt: "后", Choices: []catalog.Choice{{Text: "甲"}, {Text: "乙", Right: true}}},
			{AtMS: 1000, Multiple: true, Prompt: "先", Choices: []catalog.Choice{{Text: "甲", Right: true}, {Text: "乙"}, {Text: "丙", Right: true}}},
		}},
		{Kind: catalog.DocumentLesson, Title: text, Body: catalog.Text{Zh: "正文"}, MinS: 30, MaxS: 90, Questions: []catalog.Question{
			{Page: 1, Prompt: "页", Choices: []catalog.Choice{{Text: "甲", Right: true}, {Text: "乙"}}},
		}},
	}}, {Title: text, Lessons: []catalog.Lesson{
		{Kind: catalog.QuizLesson, Title: text, Required: true, Quiz: &quiz.Quiz{PassMark: 70, AttemptsAllowed: new(3), TimeLimitS: new(600), Questions: []quiz.Question{asked}}},
	}}}
}

// draft is a course of the school's that may be submitted.
func (w world) draft(t *testing.T, title string) uuid.UUID {
	t.Helper()
	return w.draftOf(t, w.school, fields(catalog.Text{Zh: title, En: "Course"}))
}

// draftOf is a course of a provider's; only the school's has a video.
func (w world) draftOf(t *testing.T, provider uuid.UUID, f catalog.Fields) uuid.UUID {
	t.Helper()
	course, err := w.store.Create(t.Context(), provider, w.author, f)
	if err != nil {
		t.Fatal(err)
	}
	chapters := w.chapters()
	if provider != w.school {
		chapters = chapters[1:]
	}
	if err := w.store.Update(t.Context(), course, 1, f); err != nil {
		t.Fatal(err)
	}
	if err := w.store.ReplaceOutline(t.Context(), course, 2, chapters); err != nil {
		t.Fatal(err)
	}
	return course
}

func (w world) latest(t *testing.T, course uuid.UUID) catalog.Version {
	t.Helper()
	v, err := w.store.Latest(t.Context(), course)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// submit hands a course in and tells its version.
func (w world) submit(t *testing.T, course uuid.UUID) uuid.UUID {
	t.Helper()
	v := w.latest(t, course)
	if err := w.store.Submit(t.Context(), course, w.author, v.Revision); err != nil {
		t.Fatal(err)
	}
	return v.VersionID
}

func (w world) approval(version uuid.UUID) catalog.Decision {
	return catalog.Decision{Version: version, By: w.officer, Depts: []uuid.UUID{w.province, w.elsewhere}, Approve: true, Hours: 2}
}

func (w world) decide(t *testing.T, d catalog.Decision) {
	t.Helper()
	if err := w.store.Decide(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// published is a course in the catalogue.
func (w world) published(t *testing.T, title string) uuid.UUID {
	t.Helper()
	course := w.draft(t, title)
	w.decide(t, w.approval(w.submit(t, course)))
	return course
}

// refused fails unless the error is of the kind and, when one is given, the code.
func refused(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Kind != kind || f.Code != code {
		t.Errorf("answered %v, want %s %s", err, kind, code)
	}
}
