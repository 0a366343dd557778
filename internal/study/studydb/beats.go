package studydb

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// A beat's key is its session's number and, in the lower bits, its own: eight
// bytes that say day, session and sequence, and the only index there is.
const (
	seqBits = 22
	// maxSeq is the last beat a session can have: at the usual pace, two years of them.
	maxSeq = 1<<seqBits - 1
	// A session's number is the day it was opened, and a number within it.
	sessionBits = 25
	dayMS       = 86_400_000
)

func keyOf(no, seq int64) int64 { return no<<seqBits | seq }

// ids are sent without the detour over text that uuid.UUID takes through database/sql's interface.
type ids = pgtype.FlatArray[pgtype.UUID]

func idOf(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

// beatArgs are the columns of rows, one array each.
func beatArgs(rows []study.Row) []any {
	n := len(rows)
	key, at, lag, credit := make([]int64, n), make([]int64, n), make([]int32, n), make([]int32, n)
	presence, chain, report := make([]int16, n), make([][]byte, n), make([][]byte, n)
	session, person := make(ids, n), make(ids, n)
	for i := range rows {
		r := &rows[i]
		key[i], at[i], lag[i], credit[i] = keyOf(r.Meta.No, r.Seq), r.AtMS, int32(r.AtMS-r.CreditFromMS), int32(r.CreditMS)
		presence[i], chain[i], report[i] = int16(r.Presence), r.Chain[:], r.Report
		session[i], person[i] = idOf(r.Meta.ID), idOf(r.Meta.PersonID)
	}
	return []any{key, at, lag, credit, presence, chain, report, session, person}
}

// eachBeat calls do with a session's beats after one of them, in order, as
// they were acknowledged. The row is the same one every time.
func eachBeat(ctx context.Context, q pg.Querier, m study.Meta, after int64, limit int, do func(*study.Row) error) error {
	rows, err := q.Query(ctx, `
		SELECT key, at_ms, lag_ms, credit_ms, presence, chain, report FROM study_beat_rows
		WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3`, keyOf(m.No, max(0, after)), keyOf(m.No+1, 0), limit)
	if err != nil {
		return pg.Translate(err)
	}
	r := study.Row{Meta: m}
	var key, lag int64
	var chain, report []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &r.AtMS, &lag, &r.CreditMS, &r.Presence, &chain, &report}, func() error {
		r.Seq, r.CreditFromMS, r.Chain, r.Report = key&maxSeq, r.AtMS-lag, study.Chain(chain), report
		return do(&r)
	})
	return pg.Translate(err)
}

// beatsOf are a session's first beats.
func beatsOf(ctx context.Context, q pg.Querier, m study.Meta, limit int) (out []study.Row, err error) {
	err = eachBeat(ctx, q, m, 0, limit, func(r *study.Row) error {
		out = append(out, *r)
		return nil
	})
	return out, err
}
