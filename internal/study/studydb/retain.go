package studydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// DropBeats drops the days of beats that are older than keep and stand in
// records whole. The database looks once more before it does. A day whose
// table is in use is left for the next time.
func (s *Store) DropBeats(ctx context.Context, now time.Time, keep time.Duration) (dropped []time.Time, err error) {
	// The oldest first, and each apart, so that the lock on the table is short.
	rows, err := s.db.Pool().Query(ctx, `
		SELECT day FROM (SELECT to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') AS day FROM pg_inherits
			WHERE inhparent = 'study_beat_rows'::regclass AND inhrelid <> 'study_beats_rest'::regclass) days
		WHERE day < $1::date AND NOT EXISTS (
			SELECT FROM study_sessions WHERE NOT compacted AND no >= (day - DATE '1970-01-01')::bigint << 25 AND no < (day - DATE '1970-01-01')::bigint + 1 << 25)
		ORDER BY day`, dayOf(now.Add(-keep).UnixMilli()))
	if err != nil {
		return nil, fmt.Errorf("look for old beats: %w", pg.Translate(err))
	}
	days, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return nil, fmt.Errorf("look for old beats: %w", pg.Translate(err))
	}
	for _, day := range days {
		gone := false
		err := s.db.Pool().QueryRow(ctx, `SELECT study_drop_day($1::date)`, day).Scan(&gone)
		var busy *pgconn.PgError
		if errors.As(err, &busy) && busy.Code == "55P03" {
			continue
		}
		if err != nil {
			return dropped, fmt.Errorf("drop the beats of %s: %w", day.Format(time.DateOnly), pg.Translate(err))
		}
		if gone {
			dropped = append(dropped, day)
		}
	}
	return dropped, nil
}

// DropRecords deletes records that are older than so many years, most of them
// at once; the database keeps what is younger than six whatever it is asked.
func (s *Store) DropRecords(ctx context.Context, now time.Time, years, most int) (int64, error) {
	done, err := s.db.Pool().Exec(ctx, `
		DELETE FROM study_evidence WHERE no IN (SELECT no FROM study_evidence WHERE no < $1 ORDER BY no LIMIT $2)`,
		noOf(dayOf(now.AddDate(-years, 0, -1).UnixMilli())), most)
	if err != nil {
		return 0, fmt.Errorf("drop old records: %w", pg.Translate(err))
	}
	return done.RowsAffected(), nil
}
