package catalogdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// verbs are what the steps of a version's way to publication are called in the audit trail.
var verbs = map[string]string{"submitted": "course.submit", "withdrawn": "course.withdraw", "approved": "course.publish", "returned": "course.return"}

// note keeps one step, in the version's own history and in the audit trail.
func (s *Store) note(ctx context.Context, tx pgx.Tx, v catalog.Version, by uuid.UUID, decision string, hours *float64, reason string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new review's id: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO course_reviews (id, version_id, decision, hours, reason, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, v.VersionID, decision, hours, reason, by, s.now().UTC())
	if err != nil || s.trail == nil {
		return pg.Translate(err)
	}
	after := map[string]any{"state": decision, "version": v.Version}
	if hours != nil {
		after["hours"] = *hours
	}
	if reason != "" {
		after["reason"] = reason
	}
	e := audit.Event{Actor: by, Action: verbs[decision], ObjectKind: "course", Object: v.CourseID, Org: v.Provider.ID, Before: map[string]any{"state": v.State}, After: after}
	if v.SubmittedBy != nil && v.SubmittedBy.ID != by {
		e.Subject = v.SubmittedBy.ID // whose work was decided on
	}
	return s.trail(ctx, tx, s.now(), e)
}

// Submit hands a version in for review, if nothing is missing.
func (s *Store) Submit(ctx context.Context, course, by uuid.UUID, revision int64) error {
	err := s.edit(ctx, course, revision, func(ctx context.Context, tx pgx.Tx, v catalog.Version) (err error) {
		if v.Chapters, err = written(ctx, tx, v.VersionID); err != nil {
			return err
		}
		if missing := v.Missing(); len(missing) > 0 {
			return notReady(missing)
		}
		if err := s.mayPublish(ctx, tx, v); err != nil {
			return err
		}
		seconds, _, _ := v.Totals()
		if _, err := tx.Exec(ctx, `
			UPDATE course_versions SET state = 'submitted', submitted_at = $2, submitted_by = $3, decided_at = NULL, decided_by = NULL, duration_s = $4 WHERE id = $1`,
			v.VersionID, s.now().UTC(), by, seconds); err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, v, by, "submitted", v.Fields.ProposedHours, "")
	})
	if err != nil {
		return fmt.Errorf("submit course %s: %w", course, err)
	}
	return nil
}

func notReady(missing []catalog.Problem) error {
	fields := make([]fault.Field, len(missing))
	for i, m := range missing {
		fields[i] = fault.Field{Path: m.Place, Message: m.Message}
	}
	return fault.Coded(fault.Invalid, "not-ready", "The course is not complete yet.", fields...)
}

// Withdraw takes a submission back.
func (s *Store) Withdraw(ctx context.Context, course, by uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		v, err := lockLatest(ctx, tx.Pgx(), course)
		if err != nil {
			return err
		}
		if v.State != catalog.Submitted {
			return fault.Coded(fault.Conflict, "not-submitted", "This version is not waiting for review.")
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE course_versions SET state = 'draft', submitted_at = NULL, submitted_by = NULL, revision = revision + 1, updated_at = $2 WHERE id = $1`, v.VersionID, s.now().UTC())
		if err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx.Pgx(), v, by, "withdrawn", nil, "")
	})
}

// Decide approves, which publishes at once, or returns with a reason. Of two
// officers who decide at the same moment the second is told that it is done.
func (s *Store) Decide(ctx context.Context, d catalog.Decision) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		v, err := lockVersion(ctx, tx.Pgx(), d.Version)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.Depts, func(id uuid.UUID) bool { return slices.Contains(v.Lineage, id) }) {
			return fault.Nothing()
		}
		if v.State != catalog.Submitted {
			return fault.Coded(fault.Conflict, "already-decided", "This submission has been decided or withdrawn already.")
		}
		if v.SubmittedBy.ID == d.By {
			return fault.Coded(fault.Forbidden, "own-submission", "Nobody decides on a submission of their own.")
		}
		decide := s.returnVersion
		if d.Approve {
			if err := s.mayPublish(ctx, tx.Pgx(), v); err != nil {
				return err
			}
			decide = s.publish
		}
		if err := decide(ctx, tx.Pgx(), v, d); err != nil {
			return err
		}
		return s.tellDecision(ctx, tx, v, d)
	})
	if err != nil {
		return fmt.Errorf("decide on %s: %w", d.Version, err)
	}
	return nil
}

func lockVersion(ctx context.Context, tx pgx.Tx, id uuid.UUID) (catalog.Version, error) {
	var course uuid.UUID
	err := tx.QueryRow(ctx, `SELECT c.id FROM courses c JOIN course_versions v ON v.course_id = c.id WHERE v.id = $1 FOR UPDATE OF c`, id).Scan(&course)
	if err != nil {
		return catalog.Version{}, pg.Translate(err)
	}
	return scanVersion(tx.QueryRow(ctx, selectVersion+` WHERE v.id = $1`, id))
}

func (s *Store) returnVersion(ctx context.Context, tx pgx.Tx, v catalog.Version, d catalog.Decision) error {
	_, err := tx.Exec(ctx, `UPDATE course_versions SET state = 'returned', decided_at = $2, decided_by = $3, revision = revision + 1, updated_at = $2 WHERE id = $1`, v.VersionID, s.now().UTC(), d.By)
	if err != nil {
		return pg.Translate(err)
	}
	return s.note(ctx, tx, v, d.By, "returned", nil, d.Reason)
}

// publish fixes what learners rely on: durations, captions, the search vector.
func (s *Store) publish(ctx context.Context, tx pgx.Tx, v catalog.Version, d catalog.Decision) (err error) {
	if v.Chapters, err = outline(ctx, tx, v.VersionID); err != nil {
		return err
	}
	seconds, video, document := v.Totals()
	captions := v.Captions()
	if captions == nil {
		captions = []string{}
	}
	words := v.SearchWords()
	stems, err := stemsOf(ctx, tx, catalog.Latin(slices.Concat(words['A'], words['B'], words['C'], words['D'])))
	if err != nil {
		return err
	}
	now := s.now().UTC()
	var b pgx.Batch
	b.Queue(`UPDATE course_versions SET state = 'superseded' WHERE course_id = $1 AND state = 'published'`, v.CourseID)
	b.Queue(`
		UPDATE course_versions SET state = 'published', hours = $2, decided_at = $3, decided_by = $4, published_at = $3, updated_at = $3, revision = revision + 1,
		       duration_s = $5, caption_languages = $6, has_video = $7, has_document = $8, search = $9::tsvector WHERE id = $1`,
		v.VersionID, d.Hours, now, d.By, seconds, captions, video, document, catalog.Vector(words, stems))
	b.Queue(`UPDATE lessons l SET duration_ms = a.duration_ms FROM media_assets a WHERE a.id = l.asset_id AND l.version_id = $1`, v.VersionID)
	b.Queue(`UPDATE courses SET published_version_id = $2 WHERE id = $1`, v.CourseID, v.VersionID)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return pg.Translate(err)
	}
	return s.note(ctx, tx, v, d.By, "approved", &d.Hours, d.Reason)
}

// ListReviews is one page of the queue, oldest submission first, and how many wait in all.
func (s *Store) ListReviews(ctx context.Context, f catalog.ReviewFilter) (items []catalog.Version, next *string, waiting int, err error) {
	last, err := bySubmitted.read(f.Cursor)
	if err != nil {
		return nil, nil, 0, err
	}
	var q sql
	where := ` WHERE o.lineage && ` + q.arg(f.Depts) + ` AND v.state = ` + q.arg(f.State) + ` AND v.submitted_at IS NOT NULL`
	if f.Subject != "" {
		where += ` AND v.subject = ` + q.arg(f.Subject)
	}
	limit := min(max(f.Limit, 1), 100)
	items, err = s.versions(ctx, where+q.after(bySubmitted, last), q.args, limit+1)
	if err != nil {
		return nil, nil, 0, fmt.Errorf("list reviews: %w", err)
	}
	if len(items) > limit {
		items = items[:limit]
		next = bySubmitted.write(cursor{Key: *items[limit-1].SubmittedAt, ID: items[limit-1].VersionID})
	}
	err = s.db.Pool().QueryRow(ctx, `
		SELECT count(*) FROM course_versions v JOIN courses c ON c.id = v.course_id JOIN organisations o ON o.id = c.org_id
		WHERE v.state = 'submitted' AND o.lineage && $1`, f.Depts).Scan(&waiting)
	return items, next, waiting, pg.Translate(err)
}
