package rosterdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const selectImport = `
	SELECT i.id, i.org_id, i.created_by, i.filename, i.size_bytes, i.state, i.reason, i.headings, i.columns, i.format, i.rows_total, i.rows_bad, i.rows_warned,
	       i.rows_chosen, i.rows_added, i.rows_changed, i.rows_left, i.created_at, i.checked_at, i.ended_at, coalesce(p.done, 0), coalesce(p.total, 0)
	FROM staff_imports i LEFT JOIN staff_import_progress p ON p.import_id = i.id`

func scanImport(row pgx.CollectableRow) (i roster.Import, err error) {
	return i, row.Scan(&i.ID, &i.OrgID, &i.By, &i.Filename, &i.Size, &i.State, &i.Reason, &i.Headings, &i.Columns, &i.Format, &i.Total, &i.Bad, &i.Warned,
		&i.Chosen, &i.Added, &i.Changed, &i.Left, &i.Created, &i.CheckedAt, &i.EndedAt, &i.Progress, &i.ProgressOf)
}

func readImport(ctx context.Context, q pg.Querier, id uuid.UUID, lock string) (roster.Import, error) {
	rows, err := q.Query(ctx, selectImport+` WHERE i.id = $1 `+lock, id)
	if err != nil {
		return roster.Import{}, pg.Translate(err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, scanImport)
	return i, pg.Translate(err)
}

// Import is one; NotFound when there is none.
func (s *Store) Import(ctx context.Context, id uuid.UUID) (roster.Import, error) {
	return readImport(ctx, s.db.Pool(), id, "")
}

// Imports are an organisation's, the last first.
func (s *Store) Imports(ctx context.Context, orgID uuid.UUID, limit int, cursor string) ([]roster.Import, *string, error) {
	from, err := after(cursor)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.db.Pool().Query(ctx, selectImport+` WHERE i.org_id = $1 AND ($2::uuid IS NULL OR i.id < $2) ORDER BY i.id DESC LIMIT $3`, orgID, from, limit+1)
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	items, err := pgx.CollectRows(rows, scanImport)
	items, next := page(items, limit, func(i roster.Import) uuid.UUID { return i.ID })
	return items, next, pg.Translate(err)
}

// BeginImport makes room for a file that is then sent in parts.
func (s *Store) BeginImport(ctx context.Context, orgID, by uuid.UUID, filename string, size int64) (i roster.Import, err error) {
	if err := roster.CheckFile(filename, size); err != nil {
		return i, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return i, fmt.Errorf("new import's id: %w", err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if ok, err := open(ctx, tx, orgID); err != nil {
			return err
		} else if !ok {
			return errClosed
		}
		_, err := tx.Pgx().Exec(ctx, `INSERT INTO staff_imports (id, org_id, created_by, filename, size_bytes, state, created_at) VALUES ($1, $2, $3, $4, $5, 'uploading', $6)`,
			id, orgID, by, filename, size, s.now())
		return pg.Translate(err)
	})
	if err != nil {
		return i, err
	}
	return s.Import(ctx, id)
}

// Check lets the file be looked through, with columns as they were mapped by
// hand (nil: as they are recognised).
func (s *Store) Check(ctx context.Context, id uuid.UUID, columns roster.Columns) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		i, err := readImport(ctx, tx.Pgx(), id, "FOR UPDATE OF i")
		if err != nil {
			return err
		}
		if err := i.MayCheck(); err != nil {
			return err
		}
		if columns != nil && (!columns.Whole() || !columns.Fits(len(i.Headings))) {
			return fault.New(fault.Invalid, "the columns are not right", fault.Field{Path: "body.columns", Message: "must name a column each, and one for the name and the mail"})
		}
		if columns == nil {
			columns = roster.Columns{}
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE staff_imports SET state = 'checking', columns = $2 WHERE id = $1`, id, columns); err != nil {
			return pg.Translate(err)
		}
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM staff_import_progress WHERE import_id = $1`, id); err != nil {
			return pg.Translate(err)
		}
		return s.o.Enqueue(ctx, tx, jobs.ImportStaff{ImportID: id})
	})
}

// Progress tells how far the work on an import is.
func (s *Store) Progress(ctx context.Context, id uuid.UUID, done, of int64) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO staff_import_progress VALUES ($1, $2, $3) ON CONFLICT (import_id) DO UPDATE SET done = excluded.done, total = excluded.total`, id, done, of)
	return pg.Translate(err)
}

// AskColumns stops an import until its columns are mapped by hand.
func (s *Store) AskColumns(ctx context.Context, id uuid.UUID, format string, headings []string, known roster.Columns) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE staff_imports SET state = 'mapping', format = $2, headings = $3, columns = $4 WHERE id = $1 AND state = 'checking'`, id, format, headings, known)
	return pg.Translate(err)
}

// Fail ends an import without a single row taken in.
func (s *Store) Fail(ctx context.Context, id uuid.UUID, why roster.Failure) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE staff_imports SET state = 'failed', reason = $2, ended_at = $3 WHERE id = $1 AND state IN ('checking', 'applying')`, id, why, s.now())
	return pg.Translate(err)
}

var rowColumns = []string{"import_id", "row", "name", "email", "email_folded", "employee_no", "position", "department", "group_name", "role", "hired_on", "problems", "bad", "warned"}

// Keep writes what was read of a file, all of it or nothing; next gives some
// rows after another and none at the end. What was kept of it before goes.
func (s *Store) Keep(ctx context.Context, i roster.Import, format string, headings []string, columns roster.Columns, next func() ([]roster.Row, error)) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		held, err := readImport(ctx, tx.Pgx(), i.ID, "FOR UPDATE OF i")
		if err != nil || held.State != roster.Checking {
			return err
		}
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM staff_import_rows WHERE import_id = $1`, i.ID); err != nil {
			return pg.Translate(err)
		}
		for {
			some, err := next()
			if err != nil {
				return err
			}
			if len(some) == 0 {
				break
			}
			if _, err := tx.Pgx().CopyFrom(ctx, pgx.Identifier{"staff_import_rows"}, rowColumns, pgx.CopyFromSlice(len(some), func(n int) ([]any, error) { return copied(i.ID, some[n]), nil })); err != nil {
				return pg.Translate(err)
			}
		}
		return s.compare(ctx, tx, i, format, headings, columns)
	})
}

func copied(id uuid.UUID, r roster.Row) []any {
	problems, bad := r.Problems, roster.Bad(r.Problems)
	if problems == nil {
		problems = []roster.Problem{}
	}
	return []any{id, r.Number, r.Name, r.Email, r.Folded, r.EmployeeNo, r.Position, r.Department, r.Group, string(r.Role), r.HiredOn, problems, bad, !bad && len(problems) > 0}
}

// compare holds the rows against the list as it is, and counts. Of people who
// are not on it nothing is asked: that an address has an account is not told.
func (s *Store) compare(ctx context.Context, tx *pg.Tx, i roster.Import, format string, headings []string, columns roster.Columns) error {
	if err := s.ensure(ctx, tx, i.OrgID); err != nil {
		return err
	}
	// Fresh rows are not yet counted for the planner.
	if _, err := tx.Pgx().Exec(ctx, `ANALYZE staff_import_rows`); err != nil {
		return pg.Translate(err)
	}
	for _, sql := range []string{
		`UPDATE staff_import_rows r SET warned = NOT bad, problems = problems || '[{"field": "email", "code": "on-staff"}]' FROM staff s LEFT JOIN accounts a ON a.person_id = s.person_id
		 WHERE r.import_id = $1 AND r.email_folded <> '' AND s.org_id = $2 AND coalesce(s.email_folded, a.email_folded) = r.email_folded`,
		`UPDATE staff_import_rows r SET bad = true, warned = false, problems = problems || '[{"field": "employee_no", "code": "number-taken"}]' FROM staff s LEFT JOIN accounts a ON a.person_id = s.person_id
		 WHERE r.import_id = $1 AND s.employee_no <> '' AND s.org_id = $2 AND s.employee_no = r.employee_no AND coalesce(s.email_folded, a.email_folded) IS DISTINCT FROM r.email_folded`,
	} {
		if _, err := tx.Pgx().Exec(ctx, sql, i.ID, i.OrgID); err != nil {
			return pg.Translate(err)
		}
	}
	_, err := tx.Pgx().Exec(ctx, `
		UPDATE staff_imports SET state = 'checked', checked_at = $2, format = $3, headings = $4, columns = $5, rows_total = c.total, rows_bad = c.bad, rows_warned = c.warned
		FROM (SELECT count(*) AS total, count(*) FILTER (WHERE bad) AS bad, count(*) FILTER (WHERE warned) AS warned FROM staff_import_rows WHERE import_id = $1) c WHERE id = $1`,
		i.ID, s.now(), format, headings, columns)
	return pg.Translate(err)
}

// Rows is one page of an import's rows, in the file's order.
func (s *Store) Rows(ctx context.Context, id uuid.UUID, f roster.RowFilter) (items []roster.Row, next *int, err error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT row, name, email, email_folded, employee_no, position, department, group_name, role, hired_on, problems FROM staff_import_rows
		WHERE import_id = $1 AND row > $2 AND ($3 = '' OR ($3 = 'bad' AND bad) OR ($3 = 'warned' AND warned) OR ($3 = 'good' AND NOT bad)) ORDER BY row LIMIT $4`,
		id, f.After, f.Which, f.Limit+1)
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r roster.Row, err error) {
		return r, row.Scan(&r.Number, &r.Name, &r.Email, &r.Folded, &r.EmployeeNo, &r.Position, &r.Department, &r.Group, &r.Role, &r.HiredOn, &r.Problems)
	})
	if len(items) > f.Limit {
		items = items[:f.Limit]
		next = new(items[f.Limit-1].Number)
	}
	return items, next, pg.Translate(err)
}

// Apply lets the good rows, or those of them that were chosen, be taken in.
func (s *Store) Apply(ctx context.Context, id, by uuid.UUID, chosen []int) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		i, err := readImport(ctx, tx.Pgx(), id, "FOR UPDATE OF i")
		if err != nil {
			return err
		}
		if err := i.MayApply(); err != nil {
			return err
		}
		tag, err := tx.Pgx().Exec(ctx, `UPDATE staff_import_rows SET chosen = true WHERE import_id = $1 AND NOT bad AND ($2::int[] IS NULL OR row = ANY($2))`, id, chosen)
		if err != nil {
			return pg.Translate(err)
		}
		if n := tag.RowsAffected(); n == 0 || chosen != nil && n != int64(len(chosen)) {
			return fault.New(fault.Invalid, "these rows cannot be taken in", fault.Field{Path: "body.rows", Message: "must name good rows, each once"})
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE staff_imports SET state = 'applying', applied_by = $2, rows_chosen = $3 WHERE id = $1`, id, by, tag.RowsAffected()); err != nil {
			return pg.Translate(err)
		}
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM staff_import_progress WHERE import_id = $1`, id); err != nil {
			return pg.Translate(err)
		}
		if err := s.note(ctx, tx, audit.Event{Actor: by, Action: "staff-import.apply", ObjectKind: "staff_import", Object: id, Org: i.OrgID, After: map[string]any{"filename": i.Filename, "rows": tag.RowsAffected()}}); err != nil {
			return err
		}
		return s.o.Enqueue(ctx, tx, jobs.ImportStaff{ImportID: id})
	})
}

// Discard takes an import that is not being worked on away, with its rows.
func (s *Store) Discard(ctx context.Context, id uuid.UUID) error {
	tag, err := s.db.Pool().Exec(ctx, `DELETE FROM staff_imports WHERE id = $1 AND state NOT IN ('checking', 'applying')`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.Coded(fault.Conflict, "import-under-way", "This import is under way; wait until it has ended.")
	}
	return pg.Translate(err)
}

// Expired are imports that began before a month ago; their files and rows are no longer needed.
func (s *Store) Expired(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT id FROM staff_imports WHERE created_at < $1 AND state NOT IN ('checking', 'applying') LIMIT 100`, s.now().AddDate(0, 0, -30))
	if err != nil {
		return nil, pg.Translate(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return ids, pg.Translate(err)
}

// IsFailure says whether an error is for the file's own sake.
func IsFailure(err error) (roster.Failure, bool) {
	var f roster.Failure
	return f, errors.As(err, &f)
}
