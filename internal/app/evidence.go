package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const (
	// retainMost bounds what one round of housekeeping does of each task, and
	// retainFor how long it takes; the next round goes on.
	retainMost = 1_000_000
	retainFor  = time.Hour
)

// retainEvidence ends what was abandoned, compacts what has ended, and lets go
// of what policy no longer keeps.
func (a *App) retainEvidence(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, retainFor)
	defer cancel()
	store, keep := studydb.New(a.parts.db, nil), a.cfg.Evidence
	closed, err := store.CloseAbandoned(ctx, now, retainMost)
	if err != nil {
		return err
	}
	// A session whose beats were tampered with must not keep the others from being compacted, nor other days from going.
	compacted, broken := store.Compact(ctx, now, retainMost)
	days, err := store.DropBeats(ctx, now, time.Duration(keep.BeatsDays)*24*time.Hour)
	if err != nil {
		return err
	}
	records, err := store.DropRecords(ctx, now, keep.Years, retainMost)
	if err != nil {
		return err
	}
	if len(days) > 0 || records > 0 {
		// The program does this by itself, by policy: not one record's deed, so it has no object.
		dropped := audit.Event{Action: "evidence.drop", ObjectKind: "evidence", After: map[string]any{"days_of_beats": len(days), "session_records": records, "keep_days": keep.BeatsDays, "keep_years": keep.Years}}
		if err := auditdb.New(a.parts.db, nil).Note(ctx, dropped); err != nil {
			return err
		}
	}
	a.log.InfoContext(ctx, "evidence is in order", "closed", closed, "compacted", compacted, "days_dropped", len(days), "records_dropped", records)
	return broken
}

// VerifyEvidence recomputes the evidence of one session, of the sessions
// opened on a UTC day, or of all.
func VerifyEvidence(ctx context.Context, c *config.Config, log *slog.Logger, session uuid.UUID, day time.Time) (studydb.Findings, error) {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 2, Logger: log})
	if err != nil {
		return studydb.Findings{}, &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	defer db.Close()
	return studydb.New(db, nil).Verify(ctx, studydb.Scope{Session: session, Day: day}, study.Policy{}.OrDefaults())
}
