package app

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterdb"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterjob"
	"github.com/hourglass-lms/hourglass/storage/objects"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// enqueue puts a job into the queue; the queue is made after the workers that
// a store may be given to.
func (a *App) enqueue(ctx context.Context, tx *pg.Tx, args river.JobArgs) error {
	return a.jobs.Enqueue(ctx, tx, args)
}

func (a *App) rosterStore() *rosterdb.Store {
	roles := orgdb.With(a.parts.db, orgdb.Options{Trail: auditdb.Append, Notifier: a.notices()})
	return rosterdb.New(a.parts.db, rosterdb.Options{
		Trail: auditdb.Append, Notifier: a.notices(), Enqueue: a.enqueue, Now: time.Now,
		Join: func(ctx context.Context, tx *pg.Tx, person, at uuid.UUID, role org.Role) error {
			_, err := roles.AddMembershipIn(ctx, tx, person, person, at, role)
			return err
		},
	})
}

func (a *App) rosterWorker() rosterjob.Worker {
	return rosterjob.Worker{Store: a.rosterStore(), Objects: a.parts.objects}
}

// rosterService is the lists of people with where their files lie and who made the links.
type rosterService struct {
	*rosterdb.Store
	objects objects.Store
	keys    *linktoken.Keys
}

func (a *App) rosterService() *rosterService {
	return &rosterService{a.rosterStore(), a.parts.objects, a.links}
}

// PutPart stores one part of an import's file.
func (r *rosterService) PutPart(ctx context.Context, i roster.Import, n int, data []byte) error {
	return r.objects.Put(ctx, rosterjob.Key(i.ID, n), bytes.NewReader(data), int64(len(data)), "application/octet-stream")
}

// Drop takes an import away with its file.
func (r *rosterService) Drop(ctx context.Context, id uuid.UUID) error {
	return rosterjob.Worker{Store: r.Store, Objects: r.objects}.Drop(ctx, id)
}

// Invited is whose place a proof stands for.
func (r *rosterService) Invited(token string) (uuid.UUID, bool) {
	return r.keys.Check(roster.InvitationPurpose, token)
}
