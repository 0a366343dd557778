package studydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Kept is what became of one row of evidence.
type Kept uint8

// The outcomes of Keep.
const (
	// Durable: it is in PostgreSQL, written now or before.
	Durable Kept = iota
	// Refused: the session has ended, or another has taken over.
	Refused
	// Different: another beat of this number is in PostgreSQL, so the hot state is wrong.
	Different
)

// The person's row is locked first: whoever takes over or closes waits, and
// whoever was taken over finds another session there.
const insertBeats = `
	WITH p AS (
		SELECT person_id, session_id FROM study_people WHERE person_id = ANY ($9) ORDER BY person_id FOR NO KEY UPDATE
	)
	INSERT INTO study_beat_rows (key, at_ms, lag_ms, credit_ms, presence, chain, report)
	SELECT r.key, r.at_ms, r.lag_ms, r.credit_ms, r.presence, r.chain, r.report
	FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::smallint[], $6::bytea[], $7::bytea[], $8::uuid[], $9::uuid[])
		AS r (key, at_ms, lag_ms, credit_ms, presence, chain, report, session_id, person_id)
	JOIN p USING (person_id, session_id)`

// insertSome passes over beats that are there already, and says which are new.
// That, and making an insertion speculative, costs half as much again.
const insertSome = insertBeats + ` ON CONFLICT DO NOTHING RETURNING key`

// errSome: not all rows are new and may be written.
var errSome = errors.New("some of these beats are not new")

// insertAll writes rows that are expected to be new. With errSome those that
// may be written are, unless the caller's transaction is undone.
func insertAll(ctx context.Context, q execer, rows []study.Row) error {
	done, err := q.Exec(ctx, insertBeats, beatArgs(rows)...)
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == "23505":
		return errSome
	case err != nil:
		return pg.Translate(err)
	case done.RowsAffected() < int64(len(rows)):
		return errSome
	}
	return nil
}

// insertFresh writes what is new of rows and says which they are, by key.
func insertFresh(ctx context.Context, q pg.Querier, rows []study.Row) (map[int64]bool, error) {
	found, err := q.Query(ctx, insertSome, beatArgs(rows)...)
	if err != nil {
		return nil, pg.Translate(err)
	}
	fresh := make(map[int64]bool, len(rows))
	var key int64
	_, err = pgx.ForEachRow(found, []any{&key}, func() error {
		fresh[key] = true
		return nil
	})
	return fresh, pg.Translate(err)
}

// Keep writes the evidence of a batch, flushed, and says of each row whether
// it is there. A beat that completes its lesson is told on in the same
// transaction. No two rows may be the same beat.
func (s *Store) Keep(ctx context.Context, rows []study.Row) ([]Kept, error) {
	out := make([]Kept, len(rows))
	fresh, again := make([]study.Row, 0, len(rows)), make([]int, 0, 4)
	for i := range rows {
		switch r := &rows[i]; {
		case !keepable(r):
			out[i] = Refused
		case r.Again:
			again = append(again, i)
		default:
			fresh = append(fresh, *r)
		}
	}
	if len(again) > 0 {
		// Looked for first: an answer that got lost is asked for after it was kept.
		missing, err := s.outcomes(ctx, rows, again, out)
		if err != nil {
			return nil, err
		}
		for _, i := range missing {
			fresh = append(fresh, rows[i])
		}
	}
	if len(fresh) == 0 {
		return out, nil
	}
	all, err := s.keepFresh(ctx, fresh)
	if err != nil {
		return nil, fmt.Errorf("keep evidence: %w", err)
	}
	if all && len(again) == 0 {
		return out, nil
	}
	every := make([]int, 0, len(rows))
	for i := range rows {
		if keepable(&rows[i]) {
			every = append(every, i)
		}
	}
	_, err = s.outcomes(ctx, rows, every, out)
	return out, err
}

// keepFresh writes rows that are believed to be new, and says whether all were.
func (s *Store) keepFresh(ctx context.Context, rows []study.Row) (all bool, err error) {
	if anyCompletes(rows) {
		err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			if err := insertAll(ctx, tx.Pgx(), rows); err != nil {
				return err
			}
			return s.follow(ctx, tx, rows)
		})
	} else if err = insertAll(ctx, s.db.Pool(), rows); err == nil {
		// Not in one transaction with the evidence: a snapshot that is missing is replayed.
		err = s.snapshotSome(ctx, rows)
	}
	if !errors.Is(err, errSome) {
		return err == nil, err
	}
	return false, s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.keep(ctx, tx, rows) })
}

// keep writes what is new, together with everything that follows from it.
func (s *Store) keep(ctx context.Context, tx *pg.Tx, rows []study.Row) error {
	fresh, err := insertFresh(ctx, tx.Pgx(), rows)
	if err != nil {
		return err
	}
	written := make([]study.Row, 0, len(fresh))
	for _, r := range rows {
		if fresh[keyOf(r.Meta.No, r.Seq)] {
			written = append(written, r)
		}
	}
	return s.follow(ctx, tx, written)
}

// follow is what follows from rows that were written.
func (s *Store) follow(ctx context.Context, tx *pg.Tx, rows []study.Row) error {
	for _, r := range rows {
		if !r.Completes {
			continue
		}
		if err := snapshot(ctx, tx.Pgx(), []study.Row{r}); err != nil {
			return err
		}
		if err := s.completed(ctx, tx, r.Meta.EnrolmentID, r.Meta.LessonID, time.UnixMilli(r.AtMS).UTC()); err != nil {
			return err
		}
	}
	return nil
}

// snapshotEvery bounds how many beats a rebuild replays. A snapshot is a wider
// write than a beat, so it is a rare one.
const snapshotEvery = 32

func (s *Store) snapshotSome(ctx context.Context, rows []study.Row) error {
	var due []study.Row
	for _, r := range rows {
		if r.Seq%snapshotEvery == 0 {
			due = append(due, r)
		}
	}
	if len(due) == 0 {
		return nil
	}
	return snapshot(ctx, s.db.Pool(), due)
}

func anyCompletes(rows []study.Row) bool {
	for i := range rows {
		if rows[i].Completes {
			return true
		}
	}
	return false
}

// keepable: a beat beyond what its key can hold would be another session's.
func keepable(r *study.Row) bool { return r.Meta.No > 0 && r.Seq >= 1 && r.Seq <= maxSeq }

// outcomes fills in what the evidence has of the chosen rows, and says which it does not have.
func (s *Store) outcomes(ctx context.Context, rows []study.Row, chosen []int, out []Kept) (missing []int, err error) {
	keys := make([]int64, len(chosen))
	for n, i := range chosen {
		keys[n] = keyOf(rows[i].Meta.No, rows[i].Seq)
	}
	found, err := s.db.Pool().Query(ctx, `SELECT key, chain FROM study_beat_rows WHERE key = ANY ($1)`, keys)
	if err != nil {
		return nil, fmt.Errorf("look for evidence: %w", pg.Translate(err))
	}
	links := make(map[int64]study.Chain, len(keys))
	var key int64
	var chain []byte
	if _, err = pgx.ForEachRow(found, []any{&key, &chain}, func() error {
		links[key] = study.Chain(chain)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("look for evidence: %w", pg.Translate(err))
	}
	for n, i := range chosen {
		link, there := links[keys[n]]
		switch {
		case !there:
			out[i] = Refused
			missing = append(missing, i)
		case link != rows[i].Chain:
			out[i] = Different
		default:
			out[i] = Durable
		}
	}
	return missing, nil
}
