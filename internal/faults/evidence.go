package faults

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// session and row are what PostgreSQL holds of a session and of its beats.
type session struct {
	ID, Person, Enrolment uuid.UUID
	Fence, OpenedMS       int64
	Chain, Delivered      []byte
}

type row struct {
	Session                       uuid.UUID
	Seq, AtMS, CreditFrom, Credit int64
	Report, Chain                 []byte
}

// total is what a person's lesson is said to come to.
type total struct {
	Enrolment                          uuid.UUID
	VerifiedMS, PendingMS, ForfeitedMS int64
	Covered, PendingBits               []byte
}

// evidence is all there is, read past the program. Rows are in the order in which a person's clock was used.
type evidence struct {
	sessions map[uuid.UUID]session
	rows     []row
	totals   map[uuid.UUID]total
	// How often an enrolment stands among the completed lessons, and in the register of hours.
	completions, registered map[uuid.UUID]int
}

const selectRows = `
	SELECT b.session_id, b.seq, b.at_ms, b.credit_from_ms, b.credit_ms, b.report, b.chain
	FROM study_beats b JOIN study_sessions s ON s.id = b.session_id`

func readAll(ctx context.Context, db *pg.DB) (e evidence, err error) {
	q := db.Pool()
	sessions, err := collect[session](ctx, q, `SELECT id, person_id, enrolment_id, fence, opened_ms, chain, delivered FROM study_sessions`)
	if err != nil {
		return e, err
	}
	e.sessions = map[uuid.UUID]session{}
	for _, s := range sessions {
		e.sessions[s.ID] = s
	}
	if e.rows, err = collect[row](ctx, q, selectRows+` ORDER BY s.person_id, s.fence, b.seq`); err != nil {
		return e, err
	}
	totals, err := collect[total](ctx, q, `SELECT enrolment_id, verified_ms, pending_ms, forfeited_ms, covered, pending FROM study_lessons`)
	if err != nil {
		return e, err
	}
	e.totals = map[uuid.UUID]total{}
	for _, t := range totals {
		e.totals[t.Enrolment] = t
	}
	if e.completions, err = tally(ctx, q, `SELECT enrolment_id FROM lesson_completions`); err != nil {
		return e, err
	}
	e.registered, err = tally(ctx, q, `SELECT substring(source_key FROM 11)::uuid FROM ledger_entries WHERE source_key LIKE 'enrolment:%'`)
	return e, err
}

// readRows are the beats of some sessions.
func readRows(ctx context.Context, db *pg.DB, sessions []uuid.UUID) (map[beatID]row, error) {
	rows, err := collect[row](ctx, db.Pool(), selectRows+` WHERE s.id = ANY ($1)`, sessions)
	return byID(rows), err
}

func byID(rows []row) map[beatID]row {
	out := make(map[beatID]row, len(rows))
	for _, r := range rows {
		out[beatID{r.Session, r.Seq}] = r
	}
	return out
}

func collect[T any](ctx context.Context, q pg.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read the evidence: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		return nil, fmt.Errorf("read the evidence: %w", err)
	}
	return out, nil
}

func tally(ctx context.Context, q pg.Querier, sql string) (map[uuid.UUID]int, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("read the evidence: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	out := map[uuid.UUID]int{}
	for _, id := range all {
		out[id]++
	}
	return out, err
}
