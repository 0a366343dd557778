// Package auditdb keeps the audit trail in PostgreSQL.
package auditdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Append writes what was done, if and only if the transaction of the deed
// commits. What must not stand in the trail fails it (audit.Clean).
func Append(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error {
	return AppendTo(ctx, tx.Pgx(), at, e)
}

// AppendTo is Append for who holds the transaction in its plain form.
func AppendTo(ctx context.Context, tx pgx.Tx, at time.Time, e audit.Event) error {
	before, err := audit.Clean(e.Before)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	after, err := audit.Clean(e.After)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new audit event's id: %w", err)
	}
	o := audit.OriginFrom(ctx)
	_, err = tx.Exec(ctx, `
		INSERT INTO audit_events (id, at, actor_id, action, object_kind, object_id, subject_id, org_id, address, user_agent, request_id, before, after)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, left($9, 64), left($10, 400), left($11, 64), $12, $13)`,
		id, at.UTC(), pg.OrNull(e.Actor), e.Action, e.ObjectKind, e.Object, pg.OrNull(e.Subject), pg.OrNull(e.Org), o.Address, o.UserAgent, o.RequestID, before, after)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, pg.Translate(err))
	}
	return nil
}
