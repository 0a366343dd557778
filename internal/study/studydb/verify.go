package studydb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Scope is which sessions are verified: one, those opened on a UTC day, or all.
type Scope struct {
	Session uuid.UUID
	Day     time.Time
}

// Findings are what Verify found.
type Findings struct {
	Sessions int64    `json:"sessions"`
	Beats    int64    `json:"beats"`    // recomputed
	Records  int64    `json:"records"`  // sessions that are compacted
	Gone     int64    `json:"gone"`     // of these, those whose beats are gone: only the record itself was looked at
	Wrong    []string `json:"wrong"`    // at most maxWrong
	Mistakes int64    `json:"mistakes"` // all that were found
}

const (
	maxWrong     = 100
	verifyAtOnce = 200
)

// Verify recomputes the evidence: the chain of every session's beats, the
// credit of each beat from its spans and the clock, that no moment was credited
// twice, and whether the session's record is what its beats come to. It writes
// nothing. Rows written meanwhile may be missed.
func (s *Store) Verify(ctx context.Context, scope Scope, p study.Policy) (f Findings, err error) {
	from, to := int64(-1), int64(1)<<62>>seqBits
	if !scope.Day.IsZero() {
		from, to = noOf(scope.Day)-1, noOf(scope.Day.AddDate(0, 0, 1))
	}
	if scope.Session != uuid.Nil {
		n, err := s.Session(ctx, scope.Session)
		if err != nil {
			return f, err
		}
		from, to = n.No-1, n.No+1
	}
	for more := true; more && err == nil; {
		// Some at one moment each: a long look would keep the database from tidying up.
		err = pgx.BeginTxFunc(ctx, s.db.Pool(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
			from, more, err = verifySome(ctx, tx, from, to, p, &f)
			return err
		})
	}
	if err != nil {
		return f, fmt.Errorf("verify evidence: %w", pg.Translate(err))
	}
	return f, nil
}

// verifySome looks at the next sessions, and says after which to go on.
func verifySome(ctx context.Context, q pg.Querier, from, to int64, p study.Policy, f *Findings) (last int64, more bool, err error) {
	rows, err := q.Query(ctx, selectSession+` WHERE s.no > $1 AND s.no < $2 ORDER BY s.no LIMIT $3`, from, to, verifyAtOnce)
	if err != nil {
		return from, false, err
	}
	some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Session, error) { return scanSession(row) })
	if err != nil {
		return from, false, err
	}
	for _, n := range some {
		if err := verify(ctx, q, n, p, f); err != nil {
			return from, false, fmt.Errorf("session %s: %w", n.ID, err)
		}
		from = n.No
	}
	return from, len(some) == verifyAtOnce, nil
}

func (f *Findings) wrong(n Session, format string, args ...any) {
	if f.Mistakes++; len(f.Wrong) < maxWrong {
		f.Wrong = append(f.Wrong, fmt.Sprintf("session %s: %s", n.ID, fmt.Sprintf(format, args...)))
	}
}

func verify(ctx context.Context, q pg.Querier, n Session, p study.Policy, f *Findings) error {
	f.Sessions++
	used, err := usedBefore(ctx, q, n)
	if err != nil {
		return err
	}
	beats, until := int64(0), max(used, n.OpenedMS)
	raw, err := summarize(ctx, q, n, func(r *study.Row) {
		beats++
		if why := r.Wrong(until, p); why != "" {
			f.wrong(n, "beat %d %s", r.Seq, why)
		}
		until = max(until, r.CreditFromMS+r.CreditMS)
	})
	f.Beats += beats
	broken := errors.Is(err, study.ErrBroken)
	if broken {
		f.wrong(n, "its chain is broken at beat %d", beats)
	} else if err != nil {
		return err
	}
	return verifyRecord(ctx, q, n, raw, broken, f)
}

// verifyRecord compares a session's record with its beats, or, when they are
// gone, with itself.
func verifyRecord(ctx context.Context, q pg.Querier, n Session, raw *study.Summary, broken bool, f *Findings) error {
	var beats, credit, confirmed, forfeited int64
	var head, digest, body []byte
	err := q.QueryRow(ctx, `SELECT beats, credit_ms, confirmed_ms, forfeited_ms, head, digest, body FROM study_evidence WHERE no = $1`, n.No).
		Scan(&beats, &credit, &confirmed, &forfeited, &head, &digest, &body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return pg.Translate(err)
	}
	f.Records++
	sum, err := study.UnpackSummary(body, n.OpenedMS)
	if err != nil {
		f.wrong(n, "its record cannot be read")
		return nil
	}
	sums, clock := sum.Sums(), int64(0)
	for _, r := range sum.Clock {
		clock += r.To - r.From
	}
	if sum.Beats != beats || sum.CreditMS() != credit || clock != credit || sums.ConfirmedMS != confirmed || sums.ForfeitedMS != forfeited {
		f.wrong(n, "its record contradicts itself")
	}
	gone := raw.Beats == 0 && beats > 0 && !broken
	if gone {
		// Beats go by the day or not at all.
		err := q.QueryRow(ctx, `SELECT to_regclass($1) IS NULL`, "study_beats_"+dayOf(n.OpenedMS).Format("20060102")).Scan(&gone)
		if err != nil {
			return pg.Translate(err)
		}
	}
	switch {
	case gone:
		f.Gone++
	case broken || !bytes.Equal(raw.Pack(n.OpenedMS), body) || !bytes.Equal(raw.Digest[:], digest) || !bytes.Equal(raw.Last.Chain[:], head):
		f.wrong(n, "its record is not what its beats come to")
	}
	return nil
}

// usedBefore is up to where the person's session before this one used the clock.
func usedBefore(ctx context.Context, q pg.Querier, n Session) (int64, error) {
	before, err := scanSession(q.QueryRow(ctx, selectSession+` WHERE s.person_id = $1 AND s.fence < $2 ORDER BY s.fence DESC LIMIT 1`, n.PersonID, n.Fence))
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	sum, err := summaryOf(ctx, q, before.Meta)
	switch {
	case err != nil:
		return 0, err
	case sum != nil && sum.Beats > 0:
		return sum.Last.CreditFromMS + sum.Last.CreditMS, nil
	}
	var until int64
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT at_ms - lag_ms + credit_ms FROM study_beat_rows WHERE key > $1 AND key < $2 ORDER BY key DESC LIMIT 1), 0)`,
		keyOf(before.No, 0), keyOf(before.No+1, 0)).Scan(&until)
	return until, pg.Translate(err)
}
