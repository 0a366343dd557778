package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/catalog/catalogdb"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// orgs are organisations together with what checks the proofs in their mails.
type orgs struct {
	*orgdb.Store
	links *linktoken.Keys
}

// Proved is the invitation whose mail carried the proof.
func (o orgs) Proved(token string) (uuid.UUID, bool) {
	return o.links.Check(org.InvitationPurpose, token)
}

func (a *App) organisations(courses *catalogdb.Store, now func() time.Time) orgs {
	heirs := []interface {
		Inherit(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error
	}{courses, mediadb.New(a.parts.db, now), a.rosterStore()}
	inherit := func(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error {
		for _, h := range heirs {
			if err := h.Inherit(ctx, tx, from, to); err != nil {
				return err
			}
		}
		return nil
	}
	return orgs{orgdb.With(a.parts.db, orgdb.Options{
		Now: now, Trail: auditdb.Append, Notifier: a.notices(), Address: identity.MailAddress, Inherit: inherit,
	}), a.links}
}
