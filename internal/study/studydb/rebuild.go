package studydb

import (
	"context"
	"errors"
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
	s = study.State{
		Fence: n.Fence, OpenedMS: n.OpenedMS, LastMS: n.OpenedMS, DurationMS: n.DurationMS, UnitMS: n.UnitMS, NeedS: n.NeedS, WindowMS: n.WindowMS,
		Chain: n.Chain, Closed: n.ClosedMS > 0,
	}
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM lesson_completions WHERE enrolment_id = $1 AND lesson_id = $2)`, n.EnrolmentID, n.LessonID).Scan(&s.Completed); err != nil {
		return s, asOf, 0, pg.Translate(err)
	}
	var covered, pending, check []byte
	err = q.QueryRow(ctx, `
		SELECT verified_ms, pending_ms, forfeited_ms, unchecked_ms, covered_s, pending_s, resume_ms, part_from, part_to, covered, pending,
		       check_id, check_by_ms, check_seq, check_wrong, check_extended, as_of_session, as_of_seq
		FROM study_lessons WHERE enrolment_id = $1 AND lesson_id = $2`, n.EnrolmentID, n.LessonID).
		Scan(&s.VerifiedMS, &s.PendingMS, &s.ForfeitedMS, &s.UncheckedMS, &s.CoveredS, &s.PendingS, &s.ResumeMS, &s.Part.From, &s.Part.To, &covered, &pending,
			&check, &s.Check.ByMS, &s.Check.Seq, &s.Check.Wrong, &s.Check.Extended, &asOf, &seq)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return s, asOf, 0, pg.Translate(err)
	}
	s.Covered = covered
	if len(pending) > 0 {
		s.Pending = pending
	}
	copy(s.Check.ID[:], check)
	if asOf != n.ID {
		s.UncheckedMS, seq = n.UncheckedMS, 0
		s.Rearm()
	}
	return s, asOf, seq, nil
}

// stateOf is a session as its evidence has it: the snapshot, and the beats
// after it replayed.
func stateOf(ctx context.Context, q pg.Querier, n Session) (s study.State, err error) {
	s, asOf, seq, err := lessonState(ctx, q, n)
	if err != nil {
		return s, err
	}
	if err := pastOf(ctx, q, n, asOf, &s); err != nil {
		return s, err
	}
	var delivered []byte
	if err := q.QueryRow(ctx, `SELECT delivered_ms, delivered FROM study_sessions WHERE id = $1`, n.ID).Scan(&s.DeliveredMS, &delivered); err != nil {
		return s, pg.Translate(err)
	}
	s.Delivered = delivered
	sum, err := summaryOf(ctx, q, n.Meta)
	if err != nil {
		return s, err
	}
	if sum != nil {
		if asOf == n.ID {
			s.Stand(sum.Last) // the snapshot is of its end
			s.PrevChain = sum.Before
		} else {
			s.Recall(sum)
		}
		return s, nil
	}
	// Two before the first that is replayed: the chain stands on them.
	return s, eachBeat(ctx, q, n.Meta, seq-2, maxSeq, func(r *study.Row) error {
		if r.Seq > seq {
			return s.Replay(*r)
		}
		s.Stand(*r)
		return nil
	})
}

// pastOf sets the lesson's figures to what they were when n opened, from the
// evidence of the sessions before it, if the snapshot is of a session after it.
func pastOf(ctx context.Context, q pg.Querier, n Session, asOf uuid.UUID, s *study.State) error {
	var later bool
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM study_sessions WHERE id = $1 AND fence > $2)`, asOf, n.Fence).Scan(&later); err != nil || !later {
		return pg.Translate(err)
	}
	past, err := before(ctx, q, n)
	if err != nil {
		return err
	}
	s.VerifiedMS, s.PendingMS, s.ForfeitedMS, s.CoveredS, s.PendingS = past.VerifiedMS, past.PendingMS, past.ForfeitedMS, past.CoveredS, past.PendingS
	s.Covered, s.Pending, s.Part, s.ResumeMS, s.Check = past.Covered, past.Pending, past.Part, past.ResumeMS, past.Check
	s.Rearm()
	return nil
}

// before is the lesson as the evidence of the sessions before n leaves it: the
// records of those that are compacted, the beats of the others.
func before(ctx context.Context, q pg.Querier, n Session) (study.State, error) {
	past := study.State{DurationMS: n.DurationMS, WindowMS: n.WindowMS}
	rows, err := q.Query(ctx, selectSession+` WHERE s.enrolment_id = $1 AND s.lesson_id = $2 AND s.fence < $3 ORDER BY s.fence`, n.EnrolmentID, n.LessonID, n.Fence)
	if err != nil {
		return past, pg.Translate(err)
	}
	sessions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Session, error) { return scanSession(row) })
	if err != nil {
		return past, pg.Translate(err)
	}
	for _, n := range sessions {
		sum, err := summaryOf(ctx, q, n.Meta)
		switch {
		case err != nil:
			return past, err
		case sum != nil:
			past.Recall(sum)
		default:
			if err := eachBeat(ctx, q, n.Meta, 0, maxSeq, func(r *study.Row) error { return past.Replay(*r) }); err != nil {
				return past, err
			}
		}
	}
	return past, nil
}

// Rebuild is the person and the state of a session as the evidence has them.
func (s *Store) Rebuild(ctx context.Context, n Session) (p study.Person, state study.State, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// The lock waits for a write under way, which would otherwise be missed.
		locked, open, err := lockPerson(ctx, tx.Pgx(), n.PersonID)
		if err != nil {
			return err
		}
		p = locked.Person
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
