package catalogdb

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Create starts a course with an empty first version.
func (s *Store) Create(ctx context.Context, provider, by uuid.UUID, f catalog.Fields) (uuid.UUID, error) {
	course, err := uuid.NewV7()
	if err != nil {
		return course, fmt.Errorf("new course's id: %w", err)
	}
	version, err := uuid.NewV7()
	if err != nil {
		return course, fmt.Errorf("new version's id: %w", err)
	}
	now := s.now().UTC()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, $4)`, course, provider, by, now); err != nil {
			return pg.Translate(err)
		}
		_, err := tx.Pgx().Exec(ctx, `
			INSERT INTO course_versions (id, course_id, number, state, subject, field_id, language, title_zh, title_en, created_at, updated_at)
			VALUES ($1, $2, 1, 'draft', $3, $4, $5, $6, $7, $8, $8)`, version, course, f.Subject, f.FieldID, f.Language, f.Title.Zh, f.Title.En, now)
		return fieldKnown(err)
	})
	if err != nil {
		return course, fmt.Errorf("create course: %w", err)
	}
	return course, nil
}

// fieldKnown words the one foreign key an author can get wrong.
func fieldKnown(err error) error {
	if fault.KindOf(pg.Translate(err)) == fault.Invalid {
		return fault.New(fault.Invalid, "a value is not known", fault.Field{Path: "body.field_id", Message: "is not a field"})
	}
	return pg.Translate(err)
}

// edit locks a course's newest version, checks that it may be changed and that
// nobody changed it since it was read, runs fn, and counts the revision up.
func (s *Store) edit(ctx context.Context, course uuid.UUID, revision int64, fn func(context.Context, pgx.Tx, catalog.Version) error) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		v, err := lockLatest(ctx, tx.Pgx(), course)
		if err != nil {
			return err
		}
		if !v.State.Editable() {
			return fault.Coded(fault.Conflict, "not-editable", "This version is submitted or published; withdraw it or start a new version to change it.")
		}
		if v.Revision != revision {
			return fault.New(fault.Precondition, "Somebody changed this course since you read it.")
		}
		if err := fn(ctx, tx.Pgx(), v); err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE course_versions SET revision = revision + 1, updated_at = $2 WHERE id = $1`, v.VersionID, s.now().UTC())
		return pg.Translate(err)
	})
}

// lockLatest locks the course, so that no version can be added meanwhile, and reads its newest version.
func lockLatest(ctx context.Context, tx pgx.Tx, course uuid.UUID) (catalog.Version, error) {
	var id uuid.UUID
	if err := tx.QueryRow(ctx, `SELECT id FROM courses WHERE id = $1 FOR UPDATE`, course).Scan(&id); err != nil {
		return catalog.Version{}, fmt.Errorf("course %s: %w", course, pg.Translate(err))
	}
	v, err := scanVersion(tx.QueryRow(ctx, selectVersion+newest, course))
	if err != nil {
		return v, fmt.Errorf("course %s: %w", course, err)
	}
	return v, nil
}

// Update replaces the course's own fields.
func (s *Store) Update(ctx context.Context, course uuid.UUID, revision int64, f catalog.Fields) error {
	outcomes, err := json.Marshal(orEmpty(f.Outcomes))
	if err != nil {
		return fmt.Errorf("write outcomes: %w", err)
	}
	err = s.edit(ctx, course, revision, func(ctx context.Context, tx pgx.Tx, v catalog.Version) error {
		if err := catalog.MayPublish(v.Provider.Kind, f.Subject); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			UPDATE course_versions SET subject = $2, field_id = $3, language = $4, title_zh = $5, title_en = $6, summary_zh = $7, summary_en = $8,
			       description_zh = $9, description_en = $10, outcomes = $11, proposed_hours = $12 WHERE id = $1`,
			v.VersionID, f.Subject, f.FieldID, f.Language, f.Title.Zh, f.Title.En, f.Summary.Zh, f.Summary.En, f.Description.Zh, f.Description.En, outcomes, f.ProposedHours)
		return fieldKnown(err)
	})
	if err != nil {
		return fmt.Errorf("update course %s: %w", course, err)
	}
	return nil
}

func orEmpty(list []catalog.Text) []catalog.Text {
	if list == nil {
		return []catalog.Text{}
	}
	return list
}

// Delete removes a course that was never submitted.
func (s *Store) Delete(ctx context.Context, course uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		v, err := lockLatest(ctx, tx.Pgx(), course)
		if err != nil {
			return err
		}
		var touched bool
		if err := tx.Pgx().QueryRow(ctx, `SELECT EXISTS (SELECT FROM course_reviews r JOIN course_versions v ON v.id = r.version_id WHERE v.course_id = $1)`, course).Scan(&touched); err != nil {
			return pg.Translate(err)
		}
		if touched || v.Version > 1 || v.State != catalog.Draft {
			return fault.Coded(fault.Conflict, "was-submitted", "A course that was submitted once is kept with its history.")
		}
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM course_versions WHERE course_id = $1`, course); err != nil {
			return pg.Translate(err)
		}
		_, err = tx.Pgx().Exec(ctx, `DELETE FROM courses WHERE id = $1`, course)
		return pg.Translate(err)
	})
}

// NewVersion starts the next version of a published course as a copy of it.
func (s *Store) NewVersion(ctx context.Context, course uuid.UUID) error {
	version, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new version's id: %w", err)
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		v, err := lockLatest(ctx, tx.Pgx(), course)
		if err != nil {
			return err
		}
		if v.State != catalog.Published {
			return fault.Coded(fault.Conflict, "version-open", "There is a version in work already.")
		}
		if v.Chapters, err = written(ctx, tx.Pgx(), v.VersionID); err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `
			INSERT INTO course_versions (id, course_id, number, state, subject, field_id, language, title_zh, title_en, summary_zh, summary_en,
			       description_zh, description_en, outcomes, proposed_hours, created_at, updated_at)
			SELECT $2, course_id, number + 1, 'draft', subject, field_id, language, title_zh, title_en, summary_zh, summary_en,
			       description_zh, description_en, outcomes, coalesce(hours, proposed_hours), $3, $3
			FROM course_versions WHERE id = $1`, v.VersionID, version, s.now().UTC())
		if err != nil {
			return pg.Translate(err)
		}
		return writeOutline(ctx, tx.Pgx(), version, fresh(v.Chapters))
	})
}

// fresh drops all ids: lessons of another version are other lessons.
func fresh(chapters []catalog.Chapter) []catalog.Chapter {
	for i := range chapters {
		chapters[i].ID = uuid.Nil
		for j := range chapters[i].Lessons {
			l := &chapters[i].Lessons[j]
			l.ID = uuid.Nil
			if l.Quiz != nil {
				l.Quiz.ID = uuid.Nil
				for k := range l.Quiz.Questions {
					l.Quiz.Questions[k].ID = uuid.Nil
				}
			}
		}
	}
	return chapters
}

// ListDrafts is one page of newest versions, last changed first.
func (s *Store) ListDrafts(ctx context.Context, f catalog.DraftFilter) (items []catalog.Version, next *string, err error) {
	last, err := byChange.read(f.Cursor)
	if err != nil {
		return nil, nil, err
	}
	var q sql
	where := ` WHERE c.org_id = ANY (` + q.arg(f.Orgs) + `) AND NOT EXISTS (SELECT FROM course_versions n WHERE n.course_id = c.id AND n.number > v.number)`
	if f.State != "" && f.State != "all" {
		where += ` AND v.state = ` + q.arg(f.State)
	}
	limit := min(max(f.Limit, 1), 100)
	items, err = s.versions(ctx, where+q.after(byChange, last), q.args, limit+1)
	if err != nil {
		return nil, nil, fmt.Errorf("list drafts: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		next = byChange.write(cursor{Key: items[limit-1].UpdatedAt, ID: items[limit-1].VersionID})
	}
	return items, next, nil
}

func (s *Store) versions(ctx context.Context, where string, args []any, limit int) ([]catalog.Version, error) {
	rows, err := s.db.Pool().Query(ctx, selectVersion+where+` LIMIT `+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, pg.Translate(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Version, error) { return scanVersion(row) })
	return items, pg.Translate(err)
}
