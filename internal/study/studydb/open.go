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

// Opened is a session as it stands before its first beat.
type Opened struct {
	Session Session
	Person  study.Person
	State   study.State
}

// Open writes a new session and fences the one before for good: from the
// commit on, no evidence of it is taken any more.
func (s *Store) Open(ctx context.Context, o Opening) (out Opened, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		person, holder, err := lockPerson(ctx, tx.Pgx(), o.Session.PersonID)
		if err != nil {
			return err
		}
		if holder != o.Holder {
			return ErrOvertaken
		}
		if holder != uuid.Nil {
			if person, err = s.settle(ctx, tx, person, holder, o.Last, o.Session.OpenedMS); err != nil {
				return err
			}
		}
		out.Session, out.Person = o.Session, person.Person
		out.Session.UncheckedMS, out.Session.WindowMS = person.uncheckedMS, o.Session.WindowMS*person.windowPercent/100
		out.Person.Fence++
		out.Session.Fence = out.Person.Fence
		// Never before what was credited already, should the clock of this server be behind.
		out.Session.OpenedMS = max(o.Session.OpenedMS, person.UntilMS)
		if out.Session.No, err = insertSession(ctx, tx.Pgx(), out.Session, person); err != nil {
			return err
		}
		out.State, err = freshState(ctx, tx.Pgx(), out.Session)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("open session: %w", err)
	}
	return out, nil
}

// person is what is kept of a person beside their sessions.
type person struct {
	study.Person
	uncheckedMS   int64
	windowPercent int64
}

// lockPerson is the person's lease and open session, locked.
func lockPerson(ctx context.Context, tx pgx.Tx, id uuid.UUID) (p person, open uuid.UUID, err error) {
	if _, err = tx.Exec(ctx, `INSERT INTO study_people (person_id) VALUES ($1) ON CONFLICT DO NOTHING`, id); err != nil {
		return p, open, pg.Translate(err)
	}
	var session *uuid.UUID
	err = tx.QueryRow(ctx, `
		SELECT fence, until_ms, unchecked_ms, window_percent, session_id FROM study_people WHERE person_id = $1 FOR NO KEY UPDATE`, id).
		Scan(&p.Fence, &p.UntilMS, &p.uncheckedMS, &p.windowPercent, &session)
	if session != nil {
		open = *session
	}
	return p, open, pg.Translate(err)
}

func insertSession(ctx context.Context, tx pgx.Tx, n Session, p person) (no int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO study_sessions (id, person_id, enrolment_id, lesson_id, asset_id, fence, opened_ms, duration_ms, unit_ms, need_s, window_ms, unchecked_ms, chain, device, sign_in, device_key)
		VALUES ($1, $2, $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, nullif($16, ''::bytea)) RETURNING no`,
		n.ID, n.PersonID, n.EnrolmentID, n.LessonID, n.AssetID, n.Fence, n.OpenedMS, n.DurationMS, n.UnitMS, n.NeedS, n.WindowMS, n.UncheckedMS, n.Chain[:], n.Device, n.SignIn, n.DeviceKey).Scan(&no)
	if err != nil {
		return no, pg.Translate(err)
	}
	_, err = tx.Exec(ctx, `UPDATE study_people SET fence = $2, session_id = $3, until_ms = $4, unchecked_ms = $5 WHERE person_id = $1`, n.PersonID, n.Fence, n.ID, p.UntilMS, p.uncheckedMS)
	if err != nil {
		return no, pg.Translate(err)
	}
	_, err = tx.Exec(ctx, `UPDATE enrolments SET studied_at = $2 WHERE id = $1`, n.EnrolmentID, time.UnixMilli(n.OpenedMS).UTC())
	return no, pg.Translate(err)
}

// Close ends a session; again changes nothing. Last is its last beat, if the
// hot state knows one: it was judged, so it is kept.
func (s *Store) Close(ctx context.Context, n Session, last *study.Row, atMS int64) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		p, open, err := lockPerson(ctx, tx.Pgx(), n.PersonID)
		if err != nil || open != n.ID {
			return err
		}
		if p, err = s.settle(ctx, tx, p, n.ID, last, atMS); err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE study_people SET session_id = NULL, until_ms = $2, unchecked_ms = $3 WHERE person_id = $1`, n.PersonID, p.UntilMS, p.uncheckedMS)
		return pg.Translate(err)
	})
	if err != nil {
		return fmt.Errorf("close session %s: %w", n.ID, err)
	}
	return nil
}

// Refresh brings the figures of the lesson that a person studies at this
// moment up to its last beat, for pages that show them.
func (s *Store) Refresh(ctx context.Context, person uuid.UUID) error {
	n, live, err := s.Live(ctx, person)
	if err != nil || !live {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		_, open, err := lockPerson(ctx, tx.Pgx(), person)
		if err != nil || open != n.ID {
			return err // ended meanwhile, and so brought up to date
		}
		state, err := stateOf(ctx, tx.Pgx(), n)
		if err != nil {
			return err
		}
		if row, any := state.LastRow(n.Meta); any {
			return snapshot(ctx, tx.Pgx(), []study.Row{row})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("refresh the lesson's figures: %w", err)
	}
	return nil
}

// settle ends the open session of a person who is locked: its last beat is
// kept, the lesson's figures are brought up to it, and the person comes back
// with the clock up to which it was credited.
func (s *Store) settle(ctx context.Context, tx *pg.Tx, p person, id uuid.UUID, last *study.Row, atMS int64) (person, error) {
	if last != nil && keepable(last) {
		if err := s.keep(ctx, tx, []study.Row{*last}); err != nil {
			return p, err
		}
	}
	n, err := scanSession(tx.Pgx().QueryRow(ctx, selectSession+` WHERE s.id = $1`, id))
	if err != nil {
		return p, err
	}
	if _, err := tx.Pgx().Exec(ctx, `UPDATE study_sessions SET closed_ms = $2 WHERE id = $1 AND closed_ms IS NULL`, id, atMS); err != nil {
		return p, pg.Translate(err)
	}
	if _, err := tx.Pgx().Exec(ctx, `UPDATE enrolments SET studied_at = greatest(studied_at, $2) WHERE id = $1`, n.EnrolmentID, time.UnixMilli(atMS).UTC()); err != nil {
		return p, pg.Translate(err)
	}
	state, err := stateOf(ctx, tx.Pgx(), n)
	if err != nil {
		return p, err
	}
	row, any := state.LastRow(n.Meta)
	if !any {
		p.UntilMS = n.OpenedMS
		return p, nil
	}
	p.UntilMS, p.uncheckedMS = max(n.OpenedMS, row.CreditFromMS+row.CreditMS), row.UncheckedMS
	return p, snapshot(ctx, tx.Pgx(), []study.Row{row})
}
