package studydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Opening asks for a session.
type Opening struct {
	Session Session // without its fence
	// Holder is the session that is to give way, as it was seen; uuid.Nil when there was none.
	Holder uuid.UUID
	// Last is the holder's last beat: it was judged, so it is kept, even when
	// its own server has not written it yet.
	Last *study.Row
}

// ErrOvertaken: another session was opened between the look and the leap.
var ErrOvertaken = errors.New("another session was opened meanwhile")

// Open writes a new session and fences the one before for good: from the
// commit on, no evidence of it is taken any more.
func (s *Store) Open(ctx context.Context, o Opening) (p study.Person, state study.State, fence int64, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		holder, person, err := lockPerson(ctx, tx.Pgx(), o.Session.PersonID)
		if err != nil {
			return err
		}
		if holder != o.Holder {
			return ErrOvertaken
		}
		if o.Last != nil {
			if _, err := s.write(ctx, tx.Pgx(), []study.Row{*o.Last}); err != nil {
				return err
			}
			if o.Last.Completes {
				if err := s.complete(ctx, tx, []study.Row{*o.Last}); err != nil {
					return err
				}
			}
			person.UntilMS = max(person.UntilMS, o.Last.CreditFromMS+o.Last.CreditMS)
		}
		person.Fence++
		o.Session.Fence = person.Fence
		if err := insertSession(ctx, tx.Pgx(), o); err != nil {
			return err
		}
		p, fence = person, person.Fence
		state, err = freshState(ctx, tx.Pgx(), o.Session)
		return err
	})
	if err != nil {
		return p, state, 0, fmt.Errorf("open session: %w", err)
	}
	return p, state, fence, nil
}

// lockPerson is the person's open session and lease, locked.
func lockPerson(ctx context.Context, tx pgx.Tx, id uuid.UUID) (holder uuid.UUID, p study.Person, err error) {
	if _, err = tx.Exec(ctx, `INSERT INTO study_people (person_id) VALUES ($1) ON CONFLICT DO NOTHING`, id); err != nil {
		return holder, p, pg.Translate(err)
	}
	var session *uuid.UUID
	err = tx.QueryRow(ctx, `
		SELECT p.fence, p.until_ms, (SELECT s.id FROM study_sessions s WHERE s.id = p.session_id AND s.closed_ms IS NULL)
		FROM study_people p WHERE p.person_id = $1 FOR NO KEY UPDATE OF p`, id).Scan(&p.Fence, &p.UntilMS, &session)
	if session != nil {
		holder = *session
	}
	return holder, p, pg.Translate(err)
}

func insertSession(ctx context.Context, tx pgx.Tx, o Opening) error {
	n := o.Session
	if o.Holder != uuid.Nil {
		if _, err := tx.Exec(ctx, `UPDATE study_sessions SET closed_ms = $2 WHERE id = $1 AND closed_ms IS NULL`, o.Holder, n.OpenedMS); err != nil {
			return pg.Translate(err)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO study_sessions (id, person_id, enrolment_id, lesson_id, asset_id, fence, opened_ms, duration_ms, chain, device, sign_in)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		n.ID, n.PersonID, n.EnrolmentID, n.LessonID, n.AssetID, n.Fence, n.OpenedMS, n.DurationMS, n.Chain[:], n.Device, n.SignIn)
	if err != nil {
		return pg.Translate(err)
	}
	if _, err := tx.Exec(ctx, `UPDATE study_people SET fence = $2, session_id = $3 WHERE person_id = $1`, n.PersonID, n.Fence, n.ID); err != nil {
		return pg.Translate(err)
	}
	_, err = tx.Exec(ctx, `UPDATE enrolments SET studied_at = $2 WHERE id = $1`, n.EnrolmentID, time.UnixMilli(n.OpenedMS).UTC())
	return pg.Translate(err)
}

// freshState is a session before its first beat: the lesson as all sessions before left it.
func freshState(ctx context.Context, q pg.Querier, n Session) (s study.State, err error) {
	s = study.State{Fence: n.Fence, OpenedMS: n.OpenedMS, LastMS: n.OpenedMS, DurationMS: n.DurationMS, Chain: n.Chain, Closed: n.ClosedMS > 0}
	var covered []byte
	err = q.QueryRow(ctx, `
		SELECT coalesce(l.verified_ms, 0), coalesce(l.covered_s, 0), coalesce(l.resume_ms, 0), coalesce(l.part_from, 0), coalesce(l.part_to, 0), coalesce(l.covered, ''),
		       EXISTS (SELECT FROM lesson_completions d WHERE d.enrolment_id = $1 AND d.lesson_id = $2)
		FROM (SELECT 1) one LEFT JOIN study_lessons l ON l.enrolment_id = $1 AND l.lesson_id = $2`, n.EnrolmentID, n.LessonID).
		Scan(&s.VerifiedMS, &s.CoveredS, &s.ResumeMS, &s.Part.From, &s.Part.To, &covered, &s.Completed)
	s.Covered = covered
	return s, pg.Translate(err)
}

// Rebuild is the person and the state of a session as the evidence has them.
func (s *Store) Rebuild(ctx context.Context, n Session) (p study.Person, state study.State, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) (err error) {
		// The lock waits for a write under way, which would otherwise be missed.
		err = tx.Pgx().QueryRow(ctx, `SELECT fence, until_ms FROM study_people WHERE person_id = $1 FOR NO KEY UPDATE`, n.PersonID).Scan(&p.Fence, &p.UntilMS)
		if err != nil {
			return pg.Translate(err)
		}
		if state, err = freshState(ctx, tx.Pgx(), n); err != nil {
			return err
		}
		var delivered []byte
		if err := tx.Pgx().QueryRow(ctx, `SELECT delivered_ms, delivered FROM study_sessions WHERE id = $1`, n.ID).Scan(&state.DeliveredMS, &delivered); err != nil {
			return pg.Translate(err)
		}
		state.Delivered = delivered
		return lastBeats(ctx, tx.Pgx(), n, &state)
	})
	if err != nil {
		return p, state, fmt.Errorf("rebuild session %s: %w", n.ID, err)
	}
	return p, state, nil
}

// lastBeats sets where the session's chain stands.
func lastBeats(ctx context.Context, q pg.Querier, n Session, s *study.State) error {
	rows, err := q.Query(ctx, `
		SELECT seq, at_ms, credit_from_ms, credit_ms, report, chain FROM study_beats
		WHERE day = $1 AND session_id = $2 ORDER BY seq DESC LIMIT 2`, dayOf(n.OpenedMS), n.ID)
	if err != nil {
		return pg.Translate(err)
	}
	defer rows.Close()
	for first := true; rows.Next(); first = false {
		var seq, at, from, credit int64
		var report, chain []byte
		if err := rows.Scan(&seq, &at, &from, &credit, &report, &chain); err != nil {
			return pg.Translate(err)
		}
		if !first {
			s.PrevChain = study.Chain(chain)
			continue
		}
		s.Seq, s.LastMS, s.CreditFromMS, s.CreditMS, s.Report = seq, at, from, credit, report
		s.Chain, s.PrevChain = study.Chain(chain), n.Chain
	}
	return pg.Translate(rows.Err())
}
