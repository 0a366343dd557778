package studydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Kept is what became of one row of evidence.
type Kept uint8

// The outcomes of Keep.
const (
	// Durable: it is in PostgreSQL, written now or before.
	Durable Kept = iota
	// Refused: another session has taken over.
	Refused
	// Different: another beat of this number is in PostgreSQL, so the hot state is wrong.
	Different
)

// The evidence of a batch and what it made of lessons and people, in one
// statement and one flush. The person's row is locked first: whoever takes over
// waits, and whoever was taken over finds another fence.
const keepSQL = `
	WITH r AS (
		SELECT * FROM unnest($1::date[], $2::uuid[], $3::int[], $4::bigint[], $5::bigint[], $6::int[], $7::bytea[], $8::bytea[],
			$9::uuid[], $10::bigint[], $11::uuid[], $12::uuid[], $13::bigint[], $14::int[], $15::bytea[], $16::bigint[], $17::bigint[], $18::bigint[])
		AS x (day, session_id, seq, at_ms, credit_from_ms, credit_ms, report, chain,
			person_id, fence, enrolment_id, lesson_id, verified_ms, covered_s, covered, part_from, part_to, resume_ms)
	), p AS (
		SELECT person_id, fence FROM study_people WHERE person_id = ANY ($9) ORDER BY person_id FOR NO KEY UPDATE
	), kept AS (
		INSERT INTO study_beats (day, session_id, seq, at_ms, credit_from_ms, credit_ms, report, chain)
		SELECT r.day, r.session_id, r.seq, r.at_ms, r.credit_from_ms, r.credit_ms, r.report, r.chain FROM r JOIN p USING (person_id, fence)
		ON CONFLICT DO NOTHING RETURNING session_id, seq
	), lesson AS (
		INSERT INTO study_lessons AS l (enrolment_id, lesson_id, verified_ms, covered_s, covered, part_from, part_to, resume_ms, updated_ms)
		SELECT r.enrolment_id, r.lesson_id, r.verified_ms, r.covered_s, r.covered, r.part_from, r.part_to, r.resume_ms, r.at_ms FROM r JOIN kept USING (session_id, seq)
		ON CONFLICT (enrolment_id, lesson_id) DO UPDATE SET verified_ms = excluded.verified_ms, covered_s = excluded.covered_s, covered = excluded.covered,
			part_from = excluded.part_from, part_to = excluded.part_to, resume_ms = excluded.resume_ms, updated_ms = excluded.updated_ms
	), clock AS (
		UPDATE study_people q SET until_ms = greatest(q.until_ms, r.credit_from_ms + r.credit_ms)
		FROM r JOIN kept USING (session_id, seq) WHERE q.person_id = r.person_id
	)
	SELECT session_id, seq FROM kept`

type beatID struct {
	session uuid.UUID
	seq     int64
}

// write inserts rows and says which of them are new. No two rows may be of one session.
func (s *Store) write(ctx context.Context, q pg.Querier, rows []study.Row) (map[beatID]bool, error) {
	n := len(rows)
	day, session, seq, at := make([]time.Time, n), make([]uuid.UUID, n), make([]int64, n), make([]int64, n)
	creditFrom, credit, report, chain := make([]int64, n), make([]int64, n), make([][]byte, n), make([][]byte, n)
	person, fence, enrolment, lesson := make([]uuid.UUID, n), make([]int64, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	verified, coveredS, covered := make([]int64, n), make([]int64, n), make([][]byte, n)
	partFrom, partTo, resume := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, r := range rows {
		day[i], session[i], seq[i], at[i] = dayOf(r.Meta.OpenedMS), r.Meta.ID, r.Seq, r.AtMS
		creditFrom[i], credit[i], report[i], chain[i] = r.CreditFromMS, r.CreditMS, r.Report, rows[i].Chain[:]
		person[i], fence[i], enrolment[i], lesson[i] = r.Meta.PersonID, r.Meta.Fence, r.Meta.EnrolmentID, r.Meta.LessonID
		verified[i], coveredS[i], covered[i] = r.VerifiedMS, r.CoveredS, r.Covered
		if covered[i] == nil {
			covered[i] = []byte{}
		}
		partFrom[i], partTo[i], resume[i] = r.Part.From, r.Part.To, r.ResumeMS
	}
	found, err := q.Query(ctx, keepSQL, day, session, seq, at, creditFrom, credit, report, chain, person, fence, enrolment, lesson, verified, coveredS, covered, partFrom, partTo, resume)
	if err != nil {
		return nil, pg.Translate(err)
	}
	defer found.Close()
	fresh := make(map[beatID]bool, n)
	for found.Next() {
		var id beatID
		if err := found.Scan(&id.session, &id.seq); err != nil {
			return nil, pg.Translate(err)
		}
		fresh[id] = true
	}
	return fresh, pg.Translate(found.Err())
}

// Keep writes the evidence of a batch, flushed, and says of each row whether
// it is there. A beat that completes its lesson is told on in the same transaction.
func (s *Store) Keep(ctx context.Context, rows []study.Row) ([]Kept, error) {
	var fresh map[beatID]bool
	var err error
	if anyCompletes(rows) {
		err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			if fresh, err = s.write(ctx, tx.Pgx(), rows); err != nil {
				return err
			}
			return s.complete(ctx, tx, onlyFresh(rows, fresh))
		})
	} else {
		fresh, err = s.write(ctx, s.db.Pool(), rows)
	}
	if err != nil {
		return nil, fmt.Errorf("keep evidence: %w", err)
	}
	return s.outcomes(ctx, rows, fresh)
}

func anyCompletes(rows []study.Row) bool {
	for _, r := range rows {
		if r.Completes {
			return true
		}
	}
	return false
}

func onlyFresh(rows []study.Row, fresh map[beatID]bool) (out []study.Row) {
	for _, r := range rows {
		if fresh[beatID{r.Meta.ID, r.Seq}] {
			out = append(out, r)
		}
	}
	return out
}

func (s *Store) complete(ctx context.Context, tx *pg.Tx, rows []study.Row) error {
	for _, r := range rows {
		if !r.Completes {
			continue
		}
		if err := s.completed(ctx, tx, r.Meta.EnrolmentID, r.Meta.LessonID, time.UnixMilli(r.AtMS).UTC()); err != nil {
			return err
		}
	}
	return nil
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
