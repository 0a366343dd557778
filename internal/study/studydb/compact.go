package studydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const (
	// abandonedAfter ends a session that nobody ended: its lease is long over.
	abandonedAfter = 48 * time.Hour
	// unexaminedAfter is how long a session waits for whoever examines it. Its
	// beats stay as long as those of any other, so nothing is lost that waits longer.
	unexaminedAfter = 7 * 24 * time.Hour
	// compactedAtOnce is how many sessions one transaction compacts.
	compactedAtOnce = 50
)

// Compact puts the evidence of sessions that have ended into one record each:
// of those that were examined, or closed a week ago. It ends after most of
// them, and may be cut off at any moment and run many times at once. It says
// how many it did; the error names sessions whose beats are not as they were
// written, which stay as they are.
func (s *Store) Compact(ctx context.Context, now time.Time, most int) (done int, err error) {
	var broken []error
	for after := int64(0); done < most && ctx.Err() == nil; {
		var some int
		var bad []error
		some, after, bad, err = s.compactSome(ctx, after, now)
		broken = append(broken, bad...)
		if done += some; err != nil || after == 0 {
			break
		}
	}
	if err = errors.Join(append(broken, err)...); err != nil {
		return done, fmt.Errorf("compact evidence: %w", err)
	}
	return done, nil
}

// compactable are closed, and nobody else is at work on them.
const compactable = selectSession + `
	WHERE NOT s.compacted AND s.no > $1 AND s.closed_ms IS NOT NULL AND (s.examined OR s.closed_ms < $2)
	ORDER BY s.no LIMIT $3 FOR NO KEY UPDATE OF s SKIP LOCKED`

// compactSome does the next ones; after is 0 when there are no more.
func (s *Store) compactSome(ctx context.Context, from int64, now time.Time) (done int, after int64, broken []error, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		done, after, broken = 0, 0, nil // it may be tried again
		rows, err := tx.Pgx().Query(ctx, compactable, from, now.Add(-unexaminedAfter).UnixMilli(), compactedAtOnce)
		if err != nil {
			return pg.Translate(err)
		}
		sessions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Session, error) { return scanSession(row) })
		if err != nil {
			return pg.Translate(err)
		}
		for _, n := range sessions {
			switch err := compactOne(ctx, tx.Pgx(), n); {
			case errors.Is(err, study.ErrBroken):
				broken = append(broken, fmt.Errorf("session %s: %w", n.ID, err))
			case err != nil:
				return fmt.Errorf("session %s: %w", n.ID, err)
			default:
				done++
			}
		}
		if len(sessions) == compactedAtOnce {
			after = sessions[len(sessions)-1].No
		}
		return nil
	})
	return done, after, broken, err
}

func compactOne(ctx context.Context, tx pgx.Tx, n Session) error {
	if err := finish(ctx, tx, n); err != nil {
		return err
	}
	sum, err := summarize(ctx, tx, n, nil)
	if err != nil {
		return err
	}
	sums := sum.Sums()
	_, err = tx.Exec(ctx, `
		INSERT INTO study_evidence (no, credit_ms, confirmed_ms, forfeited_ms, beats, head, digest, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.No, sum.CreditMS(), sums.ConfirmedMS, sums.ForfeitedMS, sum.Beats, sum.Last.Chain[:], sum.Digest[:], sum.Pack(n.OpenedMS))
	if err != nil {
		return pg.Translate(err)
	}
	_, err = tx.Exec(ctx, `UPDATE study_sessions SET compacted = true WHERE id = $1`, n.ID)
	return pg.Translate(err)
}

// finish sees to it that the lesson's figures are those of the session's end, or of a later one.
func finish(ctx context.Context, tx pgx.Tx, n Session) error {
	state, err := stateOf(ctx, tx, n)
	if err != nil {
		return err
	}
	row, any := state.LastRow(n.Meta)
	if !any {
		return nil
	}
	var final bool
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM study_lessons l JOIN study_sessions s ON s.id = l.as_of_session
			WHERE l.enrolment_id = $1 AND l.lesson_id = $2 AND (s.fence > $3 OR s.fence = $3 AND l.as_of_seq = $4))`,
		n.EnrolmentID, n.LessonID, n.Fence, row.Seq).Scan(&final)
	if err != nil || final {
		return pg.Translate(err)
	}
	return snapshot(ctx, tx, []study.Row{row})
}

// summarize makes a session's summary from its beats and the sessions before
// it; each, unless nil, sees every beat.
func summarize(ctx context.Context, q pg.Querier, n Session, each func(*study.Row)) (*study.Summary, error) {
	start, err := before(ctx, q, n)
	if err != nil {
		return nil, err
	}
	z := study.NewSummarizer(n.Meta, start, n.Chain)
	err = eachBeat(ctx, q, n.Meta, 0, maxSeq, func(r *study.Row) error {
		if each != nil {
			each(r)
		}
		return z.Add(*r)
	})
	return z.Summary(), err
}

// summaryOf is the record of a session; nil when it is not compacted.
func summaryOf(ctx context.Context, q pg.Querier, m study.Meta) (*study.Summary, error) {
	var head, digest, body []byte
	err := q.QueryRow(ctx, `SELECT head, digest, body FROM study_evidence WHERE no = $1`, m.No).Scan(&head, &digest, &body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, pg.Translate(err)
	}
	sum, err := study.UnpackSummary(body, m.OpenedMS)
	if err != nil {
		return nil, fmt.Errorf("record of session %s: %w", m.ID, err)
	}
	sum.Last.Chain = study.Chain(head)
	copy(sum.Digest[:], digest)
	return sum, nil
}

// abandoned are open sessions whose last beat was long ago.
const abandoned = selectSession + `
	CROSS JOIN LATERAL (SELECT coalesce((SELECT b.at_ms FROM study_beat_rows b WHERE b.key > s.no << 22 AND b.key < s.no + 1 << 22 ORDER BY b.key DESC LIMIT 1), s.opened_ms) AS last_ms) b
	WHERE NOT s.compacted AND s.closed_ms IS NULL AND s.no > $1 AND s.no < $2 AND b.last_ms < $3 ORDER BY s.no LIMIT $4`

// CloseAbandoned ends sessions that were left open and have not beaten for two
// days, so that their evidence can be compacted. It ends after most of them.
func (s *Store) CloseAbandoned(ctx context.Context, now time.Time, most int) (done int, err error) {
	deadline := now.Add(-abandonedAfter)
	for after := int64(0); done < most; {
		rows, err := s.db.Pool().Query(ctx, abandoned, after, noOf(deadline), deadline.UnixMilli(), compactedAtOnce)
		if err != nil {
			return done, fmt.Errorf("look for abandoned sessions: %w", pg.Translate(err))
		}
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Session, error) { return scanSession(row) })
		if err != nil {
			return done, fmt.Errorf("look for abandoned sessions: %w", pg.Translate(err))
		}
		for _, n := range some {
			if err := s.Close(ctx, n, nil, now.UnixMilli()); err != nil {
				return done, err
			}
			after = n.No
			done++
		}
		if len(some) < compactedAtOnce {
			break
		}
	}
	return done, nil
}

// noOf is the first number of a session opened on that day.
func noOf(day time.Time) int64 { return day.UnixMilli() / dayMS << sessionBits }
