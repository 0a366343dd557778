package integritydb

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Examine sums up a session that has ended, holds it against the rules
// together with what the person did before, and raises what is found. Done
// once a session: again, or at the same moment elsewhere, it does nothing.
func (s *Store) Examine(ctx context.Context, e study.Evidence) (raised []integrity.Kind, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		raised = nil
		mine, err := claim(ctx, tx.Pgx(), e.ID)
		if err != nil || !mine {
			return err
		}
		d := integrity.DigestOf(s.policy, e.Record, e.Rows)
		if err := keepDigest(ctx, tx.Pgx(), e.PersonID, d); err != nil {
			return err
		}
		h, err := s.history(ctx, tx.Pgx(), e.PersonID, d)
		if err != nil {
			return err
		}
		for _, f := range integrity.Judge(s.policy, h) {
			fresh, err := s.raise(ctx, tx, e.Record, f)
			if err != nil {
				return err
			}
			if fresh {
				raised = append(raised, f.Kind)
			}
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE study_sessions SET examined = true WHERE id = $1`, e.ID)
		return pg.Translate(err)
	})
	if err != nil {
		return nil, fmt.Errorf("examine session %s: %w", e.ID, err)
	}
	return raised, nil
}

// claim takes the session for this transaction; false when it was examined,
// is just being examined, or has not ended.
func claim(ctx context.Context, tx pgx.Tx, session uuid.UUID) (mine bool, err error) {
	err = tx.QueryRow(ctx, `SELECT true FROM study_sessions WHERE id = $1 AND NOT examined AND closed_ms IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED`, session).Scan(&mine)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return mine, pg.Translate(err)
}

func keepDigest(ctx context.Context, tx pgx.Tx, person uuid.UUID, d integrity.Digest) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO integrity_digests (session_id, person_id, opened_ms, credit_ms, device_key, digest)
		VALUES ($1, $2, $3, $4, nullif($5, ''::bytea), $6) ON CONFLICT DO NOTHING`, d.Session, person, d.OpenedMS, d.CreditMS, d.Device, d)
	return pg.Translate(err)
}

// maxHistory bounds the sessions that are judged together: a month of them, one every quarter of an hour.
const maxHistory = 3000

// history is what the person did up to a session, as far back as the rules look.
func (s *Store) history(ctx context.Context, tx pgx.Tx, person uuid.UUID, last integrity.Digest) (h integrity.History, err error) {
	rows, err := tx.Query(ctx, `
		SELECT * FROM (
			SELECT session_id, opened_ms, coalesce(device_key, ''), digest FROM integrity_digests
			WHERE person_id = $1 AND opened_ms BETWEEN $2 AND $3 ORDER BY opened_ms DESC LIMIT $4) x ORDER BY opened_ms`,
		person, last.OpenedMS-s.policy.Lookback.Milliseconds(), last.OpenedMS, maxHistory)
	if err != nil {
		return h, pg.Translate(err)
	}
	h.Digests, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d integrity.Digest, err error) {
		var id uuid.UUID
		var openedMS int64
		var device []byte
		err = row.Scan(&id, &openedMS, &device, &d)
		d.Session, d.OpenedMS, d.Device = id, openedMS, device
		return d, err
	})
	if err != nil {
		return h, pg.Translate(err)
	}
	if h.Since, err = judgedBefore(ctx, tx, person); err != nil {
		return h, err
	}
	h.Devices, err = s.devices(ctx, tx, last)
	return h, err
}

// judgedBefore is up to when an officer has judged each kind of evidence.
func judgedBefore(ctx context.Context, tx pgx.Tx, person uuid.UUID) (map[integrity.Kind]int64, error) {
	rows, err := tx.Query(ctx, `
		SELECT kind, max((extract(epoch FROM last_at) * 1000)::bigint) FROM integrity_flags WHERE person_id = $1 AND state <> 'open' GROUP BY kind`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	since := map[integrity.Kind]int64{}
	var kind integrity.Kind
	var ms int64
	_, err = pgx.ForEachRow(rows, []any{&kind, &ms}, func() error {
		since[kind] = ms
		return nil
	})
	return since, pg.Translate(err)
}

// devices is who else studied on the session's device. An officer who found
// nothing wrong with a device, a training room's perhaps, is not asked about
// it again for as long as the rules look back.
func (s *Store) devices(ctx context.Context, tx pgx.Tx, last integrity.Digest) ([]integrity.DeviceUse, error) {
	if len(last.Device) == 0 {
		return nil, nil
	}
	use := integrity.DeviceUse{Device: last.Device}
	err := tx.QueryRow(ctx, `
		SELECT count(*) FROM (
			SELECT FROM integrity_digests WHERE device_key = $1 AND opened_ms BETWEEN $2 AND $3 GROUP BY person_id HAVING sum(credit_ms) >= $4) x
		WHERE NOT EXISTS (
			SELECT FROM integrity_flags WHERE kind = 'shared-device' AND figures ->> 'device' = $5 AND state = 'dismissed' AND decided_at > $6)`,
		last.Device, last.OpenedMS-s.policy.DeviceWithin.Milliseconds(), last.OpenedMS, s.policy.DeviceLeast.Milliseconds(),
		hex.EncodeToString(last.Device), s.now().Add(-s.policy.Lookback).UTC()).Scan(&use.People)
	return []integrity.DeviceUse{use}, pg.Translate(err)
}

// raise puts a finding before the officers; what is found again while it is
// open goes into the same flag.
func (s *Store) raise(ctx context.Context, tx *pg.Tx, r study.Record, f integrity.Finding) (fresh bool, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return false, fmt.Errorf("new flag's id: %w", err)
	}
	var org uuid.UUID
	now := s.now().UTC()
	f.Sessions = f.Sessions[max(0, len(f.Sessions)-integrity.MaxSessions):]
	err = tx.Pgx().QueryRow(ctx, raiseFlag, id, r.PersonID, r.EnrolmentID, f.Kind, f.Kind.Severity(), timeOf(f.FromMS), timeOf(f.ToMS), f.Sessions, f.Figures, now).
		Scan(&id, &org, &fresh)
	if err != nil || !fresh {
		return false, pg.Translate(err)
	}
	return true, s.trail(ctx, tx, now, audit.Event{
		Action: "integrity-flag.raise", ObjectKind: objectKind, Object: id, Subject: r.PersonID, Org: org,
		After: map[string]any{"kind": f.Kind, "figures": f.Figures},
	})
}

const objectKind = "integrity_flag"

// The newest sessions are kept when there are more than an officer can look at.
const raiseFlag = `
	INSERT INTO integrity_flags AS i (id, person_id, org_id, kind, severity, first_at, last_at, sessions, figures, raised_at)
	VALUES ($1, $2, coalesce(
		(SELECT m.org_id FROM memberships m WHERE m.person_id = $2 AND m.role = 'professional' AND (m.until IS NULL OR m.until > $10) ORDER BY m.since DESC, m.id LIMIT 1),
		(SELECT c.org_id FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.id = $3)), $4, $5, $6, $7, $8, $9, $10)
	ON CONFLICT (person_id, kind) WHERE state = 'open' DO UPDATE SET
		first_at = least(i.first_at, excluded.first_at), last_at = greatest(i.last_at, excluded.last_at), figures = excluded.figures,
		sessions = ARRAY(SELECT DISTINCT x FROM unnest(i.sessions || excluded.sessions) x ORDER BY x DESC LIMIT 100)
	RETURNING id, org_id, xmax = 0`
