package studydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

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
	INSERT INTO study_beats (day, session_id, seq, at_ms, credit_from_ms, credit_ms, report, chain, presence)
	SELECT r.day, r.session_id, r.seq, r.at_ms, r.credit_from_ms, r.credit_ms, r.report, r.chain, nullif(r.presence, 0)
	FROM unnest($1::date[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::int[], $7::bytea[], $8::bytea[], $9::uuid[], $10::smallint[])
		AS r (day, session_id, seq, at_ms, credit_from_ms, credit_ms, report, chain, person_id, presence)
	JOIN p USING (person_id, session_id)
	ON CONFLICT DO NOTHING RETURNING session_id, seq`

type beatID struct {
	session uuid.UUID
	seq     int64
}

// ids are sent without the detour over text that uuid.UUID takes through database/sql's interface.
type ids = pgtype.FlatArray[pgtype.UUID]

func idOf(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

// beatArgs are the columns of rows, one array each.
func beatArgs(rows []study.Row) []any {
	n := len(rows)
	day, session, seq, at := make([]time.Time, n), make(ids, n), make([]int32, n), make([]int64, n)
	creditFrom, credit, report, chain, person, presence := make([]int64, n), make([]int32, n), make([][]byte, n), make([][]byte, n), make(ids, n), make([]int16, n)
	for i := range rows {
		r := &rows[i]
		day[i], session[i], seq[i], at[i] = dayOf(r.Meta.OpenedMS), idOf(r.Meta.ID), int32(r.Seq), r.AtMS
		creditFrom[i], credit[i], report[i], chain[i], person[i], presence[i] = r.CreditFromMS, int32(r.CreditMS), r.Report, r.Chain[:], idOf(r.Meta.PersonID), int16(r.Presence)
	}
	return []any{day, session, seq, at, creditFrom, credit, report, chain, person, presence}
}

// insert writes rows and says which of them are new.
func insert(ctx context.Context, q pg.Querier, rows []study.Row) (map[beatID]bool, error) {
	found, err := q.Query(ctx, insertBeats, beatArgs(rows)...)
	if err != nil {
		return nil, pg.Translate(err)
	}
	fresh := make(map[beatID]bool, len(rows))
	var id beatID
	_, err = pgx.ForEachRow(found, []any{&id.session, &id.seq}, func() error {
		fresh[id] = true
		return nil
	})
	return fresh, pg.Translate(err)
}

// snapshotEvery bounds how many beats a rebuild replays.
const snapshotEvery = 8

// Keep writes the evidence of a batch, flushed, and says of each row whether
// it is there. A beat that completes its lesson is told on in the same
// transaction. No two rows may be the same beat.
func (s *Store) Keep(ctx context.Context, rows []study.Row) ([]Kept, error) {
	var fresh map[beatID]bool
	var err error
	if anyCompletes(rows) {
		err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			fresh, err = s.keep(ctx, tx, rows)
			return err
		})
	} else if fresh, err = insert(ctx, s.db.Pool(), rows); err == nil {
		// Not in one transaction with the evidence: a snapshot that is missing is replayed.
		err = s.snapshotSome(ctx, rows, fresh)
	}
	if err != nil {
		return nil, fmt.Errorf("keep evidence: %w", err)
	}
	return s.outcomes(ctx, rows, fresh)
}

// keep is the evidence together with everything that follows from it.
func (s *Store) keep(ctx context.Context, tx *pg.Tx, rows []study.Row) (map[beatID]bool, error) {
	fresh, err := insert(ctx, tx.Pgx(), rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if !r.Completes || !fresh[beatID{r.Meta.ID, r.Seq}] {
			continue
		}
		if err := snapshot(ctx, tx.Pgx(), []study.Row{r}); err != nil {
			return nil, err
		}
		if err := s.completed(ctx, tx, r.Meta.EnrolmentID, r.Meta.LessonID, time.UnixMilli(r.AtMS).UTC()); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

func (s *Store) snapshotSome(ctx context.Context, rows []study.Row, fresh map[beatID]bool) error {
	var due []study.Row
	for _, r := range rows {
		if r.Seq%snapshotEvery == 0 && fresh[beatID{r.Meta.ID, r.Seq}] {
			due = append(due, r)
		}
	}
	if len(due) == 0 {
		return nil
	}
	return snapshot(ctx, s.db.Pool(), due)
}

func anyCompletes(rows []study.Row) bool {
	for _, r := range rows {
		if r.Completes {
			return true
		}
	}
	return false
}

// outcomes looks at the rows that were not new: retries, or beats of somebody who was fenced.
func (s *Store) outcomes(ctx context.Context, rows []study.Row, fresh map[beatID]bool) ([]Kept, error) {
	out := make([]Kept, len(rows))
	if len(fresh) == len(rows) {
		return out, nil
	}
	for i, r := range rows {
		if fresh[beatID{r.Meta.ID, r.Seq}] {
			continue
		}
		var chain []byte
		err := s.db.Pool().QueryRow(ctx, `
			SELECT coalesce((SELECT chain FROM study_beats WHERE day = $1 AND session_id = $2 AND seq = $3), '')`, dayOf(r.Meta.OpenedMS), r.Meta.ID, r.Seq).Scan(&chain)
		switch {
		case err != nil:
			return nil, fmt.Errorf("look for evidence: %w", pg.Translate(err))
		case len(chain) == 0:
			out[i] = Refused
		case string(chain) != string(r.Chain[:]):
			out[i] = Different
		}
	}
	return out, nil
}
