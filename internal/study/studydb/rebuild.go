package studydb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// freshState is a session before its first beat: the lesson as all sessions before left it.
func freshState(ctx context.Context, q pg.Querier, n Session) (study.State, error) {
	s, _, _, err := lessonState(ctx, q, n)
	return s, err
}

// lessonState is the lesson as of the snapshot, and which beat that was.
func lessonState(ctx context.Context, q pg.Querier, n Session) (s study.State, asOf uuid.UUID, seq int64, err error) {
	s = study.State{Fence: n.Fence, OpenedMS: n.OpenedMS, LastMS: n.OpenedMS, DurationMS: n.DurationMS, Chain: n.Chain, Closed: n.ClosedMS > 0}
	var covered []byte
	err = q.QueryRow(ctx, `
		SELECT coalesce(l.verified_ms, 0), coalesce(l.covered_s, 0), coalesce(l.resume_ms, 0), coalesce(l.part_from, 0), coalesce(l.part_to, 0), coalesce(l.covered, ''),
		       coalesce(l.as_of_session, '00000000-0000-0000-0000-000000000000'), coalesce(l.as_of_seq, 0),
		       EXISTS (SELECT FROM lesson_completions d WHERE d.enrolment_id = $1 AND d.lesson_id = $2)
		FROM (SELECT 1) one LEFT JOIN study_lessons l ON l.enrolment_id = $1 AND l.lesson_id = $2`, n.EnrolmentID, n.LessonID).
		Scan(&s.VerifiedMS, &s.CoveredS, &s.ResumeMS, &s.Part.From, &s.Part.To, &covered, &asOf, &seq, &s.Completed)
	s.Covered = covered
	return s, asOf, seq, pg.Translate(err)
}

// stateOf is a session as its evidence has it: the snapshot, and the beats
// after it replayed.
func stateOf(ctx context.Context, q pg.Querier, n Session) (s study.State, err error) {
	s, asOf, seq, err := lessonState(ctx, q, n)
	if err != nil {
		return s, err
	}
	if asOf != n.ID {
		seq = 0
	}
	if err := pastOf(ctx, q, n, asOf, &s); err != nil {
		return s, err
	}
	var delivered []byte
	if err := q.QueryRow(ctx, `SELECT delivered_ms, delivered FROM study_sessions WHERE id = $1`, n.ID).Scan(&s.DeliveredMS, &delivered); err != nil {
		return s, pg.Translate(err)
	}
	s.Delivered = delivered
	// Two before the first that is replayed: the chain stands on them.
	rows, err := q.Query(ctx, `
		SELECT seq, at_ms, credit_from_ms, credit_ms, report, chain FROM study_beats
		WHERE day = $1 AND session_id = $2 AND seq > $3 ORDER BY seq`, dayOf(n.OpenedMS), n.ID, seq-2)
	if err != nil {
		return s, pg.Translate(err)
	}
	var r study.Row
	var chain []byte
	_, err = pgx.ForEachRow(rows, []any{&r.Seq, &r.AtMS, &r.CreditFromMS, &r.CreditMS, &r.Report, &chain}, func() error {
		r.Chain = study.Chain(chain)
		if r.Seq > seq {
			return s.Replay(r)
		}
		s.Stand(r)
		return nil
	})
	return s, pg.Translate(err)
}

// pastOf sets the lesson's figures to what they were when n opened, from the
// evidence of the sessions before it, if the snapshot is of a session after it.
func pastOf(ctx context.Context, q pg.Querier, n Session, asOf uuid.UUID, s *study.State) error {
	var later bool
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM study_sessions WHERE id = $1 AND fence > $2)`, asOf, n.Fence).Scan(&later); err != nil || !later {
		return pg.Translate(err)
	}
	rows, err := q.Query(ctx, `
		SELECT b.seq, b.report, b.credit_ms FROM study_sessions s
		JOIN study_beats b ON b.session_id = s.id AND b.day = (to_timestamp(s.opened_ms / 1000) AT TIME ZONE 'UTC')::date
		WHERE s.enrolment_id = $1 AND s.lesson_id = $2 AND s.fence < $3 ORDER BY s.fence, b.seq`, n.EnrolmentID, n.LessonID, n.Fence)
	if err != nil {
		return pg.Translate(err)
	}
	past := study.State{DurationMS: n.DurationMS}
	var r study.Row
	_, err = pgx.ForEachRow(rows, []any{&r.Seq, &r.Report, &r.CreditMS}, func() error { return past.Replay(r) })
	s.VerifiedMS, s.CoveredS, s.Covered, s.Part, s.ResumeMS = past.VerifiedMS, past.CoveredS, past.Covered, past.Part, past.ResumeMS
	return pg.Translate(err)
}

// Rebuild is the person and the state of a session as the evidence has them.
func (s *Store) Rebuild(ctx context.Context, n Session) (p study.Person, state study.State, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) (err error) {
		// The lock waits for a write under way, which would otherwise be missed.
		var open uuid.UUID
		if p, open, err = lockPerson(ctx, tx.Pgx(), n.PersonID); err != nil {
			return err
		}
		if state, err = stateOf(ctx, tx.Pgx(), n); err != nil {
			return err
		}
		if n.ID == open {
			p.UntilMS = max(p.UntilMS, state.CreditFromMS+state.CreditMS)
			return nil
		}
		// A session of the past is asked about: the open one has used the clock since.
		p.UntilMS, err = usedBy(ctx, tx.Pgx(), open, p.UntilMS)
		return err
	})
	if err != nil {
		return p, state, fmt.Errorf("rebuild session %s: %w", n.ID, err)
	}
	return p, state, nil
}

// usedBy is up to where a session, if there is one, has used the clock.
func usedBy(ctx context.Context, q pg.Querier, session uuid.UUID, untilMS int64) (int64, error) {
	if session == uuid.Nil {
		return untilMS, nil
	}
	n, err := scanSession(q.QueryRow(ctx, selectSession+` WHERE s.id = $1`, session))
	if err != nil {
		return 0, err
	}
	s, err := stateOf(ctx, q, n)
	return max(untilMS, s.CreditFromMS+s.CreditMS), err
}
