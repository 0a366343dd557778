// Package catalogdb keeps courses, versions and outlines in PostgreSQL, and
// searches the catalogue.
package catalogdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Trail writes a deed into the audit trail, in the transaction of the deed.
type Trail func(ctx context.Context, tx pgx.Tx, at time.Time, e audit.Event) error

// Store reads and writes courses. Each method is one transaction.
type Store struct {
	db         *pg.DB
	now        func() time.Time
	accredited Accredited
	trail      Trail
	tell       Notifier
}

// Accredited is nil for an organisation that may publish at this moment; its
// error says why not.
type Accredited func(ctx context.Context, q pg.Querier, org uuid.UUID) error

// Notifier tells people what happened, in the transaction it happened in.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Telling makes the store tell authors what was decided.
func (s *Store) Telling(n Notifier) *Store {
	s.tell = n
	return s
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db: db, now: now}
}

// Asking makes the store ask before it takes a submission and before it
// publishes one.
func (s *Store) Asking(accredited Accredited) *Store {
	s.accredited = accredited
	return s
}

// mayPublish is nil when the organisation of a version may publish now.
func (s *Store) mayPublish(ctx context.Context, q pg.Querier, v catalog.Version) error {
	if s.accredited == nil {
		return nil
	}
	return s.accredited(ctx, q, v.Provider.ID)
}

// Inherit hands an organisation's courses to its successor.
func (s *Store) Inherit(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error {
	_, err := tx.Pgx().Exec(ctx, `UPDATE courses SET org_id = $2 WHERE org_id = $1`, from, to)
	return pg.Translate(err)
}

// Audited makes the store note in the audit trail what becomes of submissions.
func (s *Store) Audited(trail Trail) *Store {
	s.trail = trail
	return s
}

// Columns of a version with what belongs to it; scanVersion reads them.
const selectVersion = `
	SELECT c.id, v.id, c.number, v.number, v.revision, v.state, c.published_version_id IS NOT NULL,
	       o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, o.lineage,
	       v.subject, v.field_id, v.language, v.title_zh, v.title_en, v.summary_zh, v.summary_en, v.description_zh, v.description_en, v.outcomes,
	       v.proposed_hours::float8, v.hours::float8, v.updated_at, v.submitted_at, v.decided_at,
	       sp.id, sp.name, dp.id, dp.name, f.parent_id, f.name_zh, f.name_en,
	       (SELECT count(*) FROM lessons l WHERE l.version_id = v.id),
	       (SELECT count(*) FROM questions q JOIN quizzes z ON z.id = q.quiz_id JOIN lessons l ON l.id = z.lesson_id WHERE l.version_id = v.id),
	       -- Fixed with the submission; of a draft its outline says more.
	       greatest(v.duration_s, (SELECT (coalesce(sum(a.duration_ms), 0) / 1000)::bigint FROM lessons l JOIN media_assets a ON a.id = l.asset_id WHERE l.version_id = v.id))
	FROM course_versions v JOIN courses c ON c.id = v.course_id JOIN organisations o ON o.id = c.org_id
	LEFT JOIN people sp ON sp.id = v.submitted_by LEFT JOIN people dp ON dp.id = v.decided_by
	LEFT JOIN fields f ON f.id = v.field_id`

func scanVersion(row pgx.Row) (v catalog.Version, err error) {
	var outcomes []byte
	var submitter, decider *uuid.UUID
	var submitterName, deciderName, fieldParent, fieldZh, fieldEn *string
	f := &v.Fields
	err = row.Scan(&v.CourseID, &v.VersionID, &v.Number, &v.Version, &v.Revision, &v.State, &v.Published,
		&v.Provider.ID, &v.Provider.Kind, &v.Provider.Level, &v.Provider.NameZh, &v.Provider.NameEn, &v.Lineage,
		&f.Subject, &f.FieldID, &f.Language, &f.Title.Zh, &f.Title.En, &f.Summary.Zh, &f.Summary.En, &f.Description.Zh, &f.Description.En, &outcomes,
		&f.ProposedHours, &v.Hours, &v.UpdatedAt, &v.SubmittedAt, &v.DecidedAt,
		&submitter, &submitterName, &decider, &deciderName, &fieldParent, &fieldZh, &fieldEn, &v.Lessons, &v.Questions, &v.DurationS)
	if err != nil {
		return v, pg.Translate(err)
	}
	v.SubmittedBy, v.DecidedBy = person(submitter, submitterName), person(decider, deciderName)
	if f.FieldID != nil {
		v.Field = &catalog.Field{ID: *f.FieldID, ParentID: fieldParent, Root: *f.FieldID, Name: catalog.Text{Zh: *fieldZh, En: *fieldEn}}
		if fieldParent != nil { // the tree of fields has two levels
			v.Field.Root = *fieldParent
		}
	}
	return v, json.Unmarshal(outcomes, &f.Outcomes)
}

func person(id *uuid.UUID, name *string) *catalog.Person {
	if id == nil {
		return nil
	}
	return &catalog.Person{ID: *id, Name: *name}
}

// newest is a course's newest version, whatever its state.
const newest = ` WHERE c.id = $1 ORDER BY v.number DESC LIMIT 1`

// Latest is a course's newest version with its outline and reviews.
func (s *Store) Latest(ctx context.Context, course uuid.UUID) (catalog.Version, error) {
	v, err := scanVersion(s.db.Pool().QueryRow(ctx, selectVersion+newest, course))
	if err != nil {
		return v, fmt.Errorf("course %s: %w", course, err)
	}
	return s.whole(ctx, s.db.Pool(), v)
}

// Version is one version with its outline and reviews.
func (s *Store) Version(ctx context.Context, id uuid.UUID) (catalog.Version, error) {
	v, err := scanVersion(s.db.Pool().QueryRow(ctx, selectVersion+` WHERE v.id = $1`, id))
	if err != nil {
		return v, fmt.Errorf("version %s: %w", id, err)
	}
	return s.whole(ctx, s.db.Pool(), v)
}

func (s *Store) whole(ctx context.Context, q pg.Querier, v catalog.Version) (catalog.Version, error) {
	var err error
	if v.Chapters, err = written(ctx, q, v.VersionID); err != nil {
		return v, fmt.Errorf("outline of %s: %w", v.VersionID, err)
	}
	v.DurationS, _, _ = v.Totals()
	if v.Reviews, err = reviews(ctx, q, v.VersionID); err != nil {
		return v, fmt.Errorf("reviews of %s: %w", v.VersionID, err)
	}
	return v, nil
}

// outline reads chapters, lessons, assets and quizzes, one query each: what
// learners may be shown. What only authors and reviewers may see is added by written.
func outline(ctx context.Context, q pg.Querier, version uuid.UUID) ([]catalog.Chapter, error) {
	rows, err := q.Query(ctx, `SELECT id, title_zh, title_en FROM chapters WHERE version_id = $1 ORDER BY position`, version)
	if err != nil {
		return nil, pg.Translate(err)
	}
	chapters, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c catalog.Chapter, err error) {
		return c, row.Scan(&c.ID, &c.Title.Zh, &c.Title.En)
	})
	if err != nil {
		return nil, pg.Translate(err)
	}
	quizzes, err := quizzesOf(ctx, q, version)
	if err != nil {
		return nil, err
	}
	return chapters, fillLessons(ctx, q, version, chapters, quizzes)
}

func fillLessons(ctx context.Context, q pg.Querier, version uuid.UUID, chapters []catalog.Chapter, quizzes map[uuid.UUID]*quiz.Quiz) error {
	at := map[uuid.UUID]int{}
	for i, c := range chapters {
		at[c.ID] = i
	}
	rows, err := q.Query(ctx, `
		SELECT l.chapter_id, l.id, l.kind, l.title_zh, l.title_en, l.required, l.asset_id, l.body_zh, l.body_en, l.min_s, l.max_s, v.language,
		       CASE WHEN l.duration_ms > 0 THEN l.duration_ms ELSE coalesce(a.duration_ms, 0) END,
		       a.id, a.org_id, a.kind, a.filename, a.size_bytes, a.state, a.progress, a.failure_code, a.failure, a.duration_ms, a.width, a.height, a.pages, a.manifest, a.created_at,
		       (SELECT coalesce(json_agg(json_build_object('Language', t.language, 'Cues', t.cue_count) ORDER BY t.language), '[]') FROM media_captions t WHERE t.asset_id = a.id)
		FROM lessons l JOIN course_versions v ON v.id = l.version_id LEFT JOIN media_assets a ON a.id = l.asset_id
		WHERE l.version_id = $1 ORDER BY l.position`, version)
	if err != nil {
		return pg.Translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		chapter, l, err := scanLesson(rows)
		if err != nil {
			return err
		}
		l.Quiz = quizzes[l.ID]
		i := at[chapter]
		chapters[i].Lessons = append(chapters[i].Lessons, l)
	}
	return pg.Translate(rows.Err())
}

func scanLesson(row pgx.Row) (chapter uuid.UUID, l catalog.Lesson, err error) {
	var id, orgID *uuid.UUID
	var kind, filename, state, code, failure *string
	var size, duration *int64
	var progress, width, height, pages *int
	var language string
	var manifest, captions []byte
	var created *time.Time
	err = row.Scan(&chapter, &l.ID, &l.Kind, &l.Title.Zh, &l.Title.En, &l.Required, &l.AssetID, &l.Body.Zh, &l.Body.En, &l.MinS, &l.MaxS, &language, &l.DurationMS,
		&id, &orgID, &kind, &filename, &size, &state, &progress, &code, &failure, &duration, &width, &height, &pages, &manifest, &created, &captions)
	if err != nil {
		return chapter, l, pg.Translate(err)
	}
	if id != nil {
		l.Asset = &media.Asset{ID: *id, OrgID: *orgID, Kind: media.Kind(*kind), Filename: *filename, SizeBytes: *size, State: media.State(*state), Progress: *progress,
			FailureCode: *code, Failure: *failure, DurationMS: *duration, Width: *width, Height: *height, Pages: *pages, CreatedAt: *created}
		if err := fillAsset(l.Asset, manifest, captions); err != nil {
			return chapter, l, err
		}
	}
	if l.Kind == catalog.DocumentLesson {
		l.Reading = new(l.PlanIn(language))
		l.DurationMS = int64(l.Reading.MinS()) * 1000
	}
	return chapter, l, nil
}

func fillAsset(a *media.Asset, manifest, captions []byte) error {
	if manifest != nil {
		a.Manifest = &media.Manifest{AssetID: a.ID}
		if err := json.Unmarshal(manifest, a.Manifest); err != nil {
			return err
		}
	}
	return json.Unmarshal(captions, &a.Captions)
}

// quizzesOf are a version's quizzes by their lessons.
func quizzesOf(ctx context.Context, q pg.Querier, version uuid.UUID) (map[uuid.UUID]*quiz.Quiz, error) {
	rows, err := q.Query(ctx, `
		SELECT z.lesson_id, z.id, z.pass_mark, z.attempts_allowed, z.time_limit_s,
		       (SELECT coalesce(json_agg(json_build_object('ID', x.id, 'Kind', x.kind, 'Points', x.points, 'Choices', x.choices,
		               'Stem', json_build_object('zh', x.stem_zh, 'en', x.stem_en),
		               'Explanation', json_build_object('zh', x.explanation_zh, 'en', x.explanation_en)) ORDER BY x.position), '[]')
		        FROM questions x WHERE x.quiz_id = z.id)
		FROM quizzes z JOIN lessons l ON l.id = z.lesson_id WHERE l.version_id = $1`, version)
	if err != nil {
		return nil, pg.Translate(err)
	}
	defer rows.Close()
	out := map[uuid.UUID]*quiz.Quiz{}
	for rows.Next() {
		var lesson uuid.UUID
		var z quiz.Quiz
		var questions []byte
		if err := rows.Scan(&lesson, &z.ID, &z.PassMark, &z.AttemptsAllowed, &z.TimeLimitS, &questions); err != nil {
			return nil, pg.Translate(err)
		}
		if err := json.Unmarshal(questions, &z.Questions); err != nil {
			return nil, fmt.Errorf("questions of %s: %w", z.ID, err)
		}
		out[lesson] = &z
	}
	return out, pg.Translate(rows.Err())
}

func reviews(ctx context.Context, q pg.Querier, version uuid.UUID) ([]catalog.Event, error) {
	rows, err := q.Query(ctx, `
		SELECT r.decision, r.hours::float8, r.reason, p.id, p.name, r.at FROM course_reviews r JOIN people p ON p.id = r.by_person
		WHERE r.version_id = $1 ORDER BY r.at, r.id`, version)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e catalog.Event, err error) {
		return e, row.Scan(&e.Decision, &e.Hours, &e.Reason, &e.By.ID, &e.By.Name, &e.At)
	})
	return list, pg.Translate(err)
}

// Organisation is what the rules need of a provider: its kind and lineage.
func (s *Store) Organisation(ctx context.Context, id uuid.UUID) (kind org.Kind, lineage []uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT kind, lineage FROM organisations WHERE id = $1`, id).Scan(&kind, &lineage)
	return kind, lineage, pg.Translate(err)
}
