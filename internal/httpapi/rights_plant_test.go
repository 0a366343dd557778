package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
)

// plants are the makers of the objects a line of the matrix may name as $name, by name. Each
// is planted when it is first named on a stage: personal things belong to self,
// things to teach to the school, and it answers the object's id. Add yours here.
func plants() map[string]func(*testing.T, *stage) string {
	all := map[string]func(*testing.T, *stage) string{
		"draft":       func(t *testing.T, s *stage) string { return s.version(t, "draft").course },
		"submitted":   func(t *testing.T, s *stage) string { return s.version(t, "submitted").version },
		"waiting":     func(t *testing.T, s *stage) string { return s.version(t, "submitted").course },
		"pending":     func(t *testing.T, s *stage) string { return s.version(t, "draft").version },
		"asset":       func(t *testing.T, s *stage) string { return s.asset(t, "video", "queued") },
		"document":    func(t *testing.T, s *stage) string { return s.asset(t, "document", "ready") },
		"upload":      func(t *testing.T, s *stage) string { return s.asset(t, "video", "uploading") },
		"course":      plantCourse,
		"hidden":      plantHidden,
		"lesson":      part("course", "lesson"),
		"video":       part("course", "video"),
		"quiz":        part("course", "quiz"),
		"question":    part("course", "question"),
		"enrolment":   plantEnrolment,
		"attempt":     plantAttempt,
		"note":        plantNote,
		"session":     plantSession,
		"token":       part("session", "token"),
		"flag":        plantFlag,
		"event":       plantEvent,
		"unused":      func(*testing.T, *stage) string { return uuid.NewString() },
		"certificate": plantCertificate,
		"worker":      plantWorker,
	}
	maps.Copy(all, peoplePlants())
	return all
}

// plantWorker is one more employee of the employer, found by the name.
func plantWorker(t *testing.T, s *stage) string {
	id, _ := s.enters(t, walker{"", identity.Professional, "employer"})
	s.exec(t, `UPDATE people SET name = 'worker' WHERE id = $1`, id)
	return id.String()
}

// get is the id of an object, planted if it is not there yet.
func (s *stage) get(t *testing.T, name string) string {
	t.Helper()
	if s.known[name] == "" {
		plant := plants()[name]
		if plant == nil {
			t.Fatalf("nothing is planted under the name %q: add it to plants", name)
		}
		if s.known[name] = plant(t, s); s.known[name] == "" {
			t.Fatalf("%q was planted without an id, which every answer would hold", name)
		}
	}
	return s.known[name]
}

// part is what comes to stand when another object is planted.
func part(of, name string) func(*testing.T, *stage) string {
	return func(t *testing.T, s *stage) string { s.get(t, of); return s.known[name] }
}

type planted struct{ course, version string }

// version plants a course of the school with one version.
func (s *stage) version(t *testing.T, state string) planted {
	course, version := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	s.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, s.places["school"], s.author)
	s.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, field_id, language, title_zh, title_en, proposed_hours, created_at, updated_at, submitted_at, submitted_by)
		VALUES ($1, $2, 1, $3::text, 'professional', 'energy', 'zh', '试', '', 1, now(), now(), CASE WHEN $3::text = 'submitted' THEN now() END, CASE WHEN $3::text = 'submitted' THEN $4::uuid END)`,
		version, course, state, s.author)
	return planted{course.String(), version.String()}
}

func (s *stage) asset(t *testing.T, kind, state string) string {
	id := uuid.Must(uuid.NewV7())
	name := map[string]string{"video": "a.mp4", "document": "a.pdf"}[kind]
	s.exec(t, `INSERT INTO media_assets (id, org_id, kind, filename, size_bytes, part_size, state, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, 4, 8388608, $5, $6, now(), now())`,
		id, s.places["school"], kind, name, state, s.author)
	return id.String()
}

// plantCourse is a published course of the school with a video and a quiz, in which self is enrolled.
func plantCourse(t *testing.T, s *stage) string {
	ctx := context.Background()
	c, err := studytest.PlantCourse(ctx, s.db, 60_000)
	if err != nil {
		t.Fatal(err)
	}
	learners, err := c.EnrolPeople(ctx, s.db, []uuid.UUID{s.self})
	if err != nil {
		t.Fatal(err)
	}
	var course uuid.UUID
	if err := s.db.Pool().QueryRow(ctx, `UPDATE courses SET org_id = $2 WHERE published_version_id = $1 RETURNING id`, c.Version, s.places["school"]).Scan(&course); err != nil {
		t.Fatal(err)
	}
	lesson, quiz, question := uuid.New(), uuid.New(), uuid.New()
	s.exec(t, `INSERT INTO lessons (id, version_id, chapter_id, position, kind) SELECT $1, version_id, chapter_id, 2, 'quiz' FROM lessons WHERE id = $2`, lesson, c.Lesson)
	s.exec(t, `INSERT INTO quizzes (id, lesson_id) VALUES ($1, $2)`, quiz, lesson)
	s.exec(t, `INSERT INTO questions (id, quiz_id, position, kind, stem_zh, stem_en, choices) VALUES ($1, $2, 1, 'single_choice', '一', '1',
		'[{"id": "a", "text": {"zh": "是", "en": "y"}, "correct": true}, {"id": "b", "text": {"zh": "否", "en": "n"}, "correct": false}]')`, question, quiz)
	s.exec(t, `UPDATE media_assets SET org_id = $2 WHERE id = $1`, c.Asset, s.places["school"])
	s.known["lesson"], s.known["quiz"], s.known["question"] = c.Lesson.String(), quiz.String(), question.String()
	s.known["video"], s.known["enrolment"] = c.Asset.String(), learners[0].Enrolment.String()
	return course.String()
}

// plantHidden is a video in a course that is not published.
func plantHidden(t *testing.T, s *stage) string {
	version, chapter, lesson := s.version(t, "draft").version, uuid.New(), uuid.New()
	s.exec(t, `INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 1)`, chapter, version)
	s.exec(t, `INSERT INTO lessons (id, version_id, chapter_id, position, kind, asset_id) VALUES ($1, $2, $3, 1, 'video', $4)`, lesson, version, chapter, s.get(t, "video"))
	return lesson.String()
}

func plantEnrolment(t *testing.T, s *stage) string {
	delete(s.known, "course") // self has one enrolment in each
	s.get(t, "course")
	return s.known["enrolment"]
}

func plantAttempt(t *testing.T, s *stage) string {
	s.get(t, "course")
	id := uuid.Must(uuid.NewV7())
	s.exec(t, `INSERT INTO quiz_attempts (id, quiz_id, enrolment_id, person_id, number, started_at) VALUES ($1, $2, $3, $4, 1, now())`,
		id, s.get(t, "quiz"), s.get(t, "enrolment"), s.self)
	return id.String()
}

func plantNote(t *testing.T, s *stage) string {
	id := uuid.Must(uuid.NewV7())
	s.exec(t, `INSERT INTO notes (id, person_id, lesson_id, at_ms, text, created_at, updated_at) VALUES ($1, $2, $3, 1, 'x', now(), now())`, id, s.self, s.get(t, "lesson"))
	return id.String()
}

// plantSession opens one as self: its hot half stands in Redis.
func plantSession(t *testing.T, s *stage) string {
	a := s.call(t, "POST", "/study-sessions", fmt.Sprintf(`{"lesson_id":%q}`, s.get(t, "lesson")), s.cookie)
	var opened struct{ ID, Token string }
	if err := json.Unmarshal([]byte(a.body), &opened); err != nil || a.status != 201 {
		t.Fatalf("open a session: %d %s", a.status, a.body)
	}
	s.known["token"] = opened.Token
	return opened.ID
}

func plantFlag(t *testing.T, s *stage) string {
	id := uuid.Must(uuid.NewV7())
	// Another person each time: one has one open flag of a kind.
	person, _ := s.enters(t, walker{"self", "professional", "employer"})
	s.exec(t, `INSERT INTO integrity_flags (id, person_id, org_id, kind, severity, first_at, last_at, sessions, figures, raised_at)
		VALUES ($1, $2, $3, 'metronome', 'notice', now(), now(), ARRAY[$4::uuid], '{}', now())`, id, person, s.places["employer"], s.get(t, "session"))
	return id.String()
}

func plantEvent(t *testing.T, s *stage) string {
	id := uuid.Must(uuid.NewV7())
	s.exec(t, `INSERT INTO audit_events (id, at, action, object_kind, object_id, subject_id, org_id) VALUES ($1, now(), 'membership.give', 'membership', gen_random_uuid(), $2, $3)`, id, s.self, s.places["employer"])
	return id.String()
}

func plantCertificate(t *testing.T, s *stage) string {
	serial, ctx := "HG"+uuid.NewString()[:8], context.Background()
	var index int64
	if err := s.db.Pool().QueryRow(ctx, `SELECT count(*) FROM ledger_entries`).Scan(&index); err != nil {
		t.Fatal(err)
	}
	hashes, err := tlog.StoredHashes(index, []byte(serial), tlog.HashReaderFunc(func(positions []int64) (out []tlog.Hash, err error) {
		for _, at := range positions {
			var h []byte
			if err := s.db.Pool().QueryRow(ctx, `SELECT hash FROM ledger_hashes WHERE position = $1`, at).Scan(&h); err != nil {
				return nil, err
			}
			out = append(out, tlog.Hash(h))
		}
		return out, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	s.exec(t, `INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, earned_at, recorded_at, record)
		VALUES ($1, gen_random_uuid(), 'registered', $2, 2026, 'professional', 1, $3, '试', 'x', now(), now(), $4)`, index, s.self, "walk:"+serial, []byte(serial))
	for i, h := range hashes {
		s.exec(t, `INSERT INTO ledger_hashes (position, hash) VALUES ($1, $2)`, tlog.StoredHashCount(index)+int64(i), h[:])
	}
	s.exec(t, `INSERT INTO certificates (serial, ledger_index, person_id, holder_name, issuer_zh, issuer_en, issued_at) VALUES ($1, $2, $3, '沈知远', '院', 'S', now())`, serial, index, s.self)
	return serial
}
