package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/people/peopledb"
	"github.com/hourglass-lms/hourglass/internal/privacy"
	"github.com/hourglass-lms/hourglass/internal/privacy/privacydb"
	"github.com/hourglass-lms/hourglass/internal/privacy/privacyjob"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// exportDays is how long an export can be fetched.
const exportDays = 7

// people are the stores of identity documents and of privacy: what is agreed
// to in one is kept by the other, and what is taken back there is forgotten here.
func (a *App) people() (*peopledb.Store, *privacydb.Store) {
	var documents *peopledb.Store
	wishes := privacydb.New(a.parts.db, privacydb.Options{
		Box: a.vault, Objects: a.parts.objects, Trail: auditdb.Append, Notifier: a.notices(),
		Enqueue: a.enqueue,
		Sealed: map[string]func(context.Context, uuid.UUID) (any, error){
			"identity": func(ctx context.Context, person uuid.UUID) (any, error) { return documents.Own(ctx, person) },
		},
		Withdrawn: map[string]func(context.Context, *pg.Tx, uuid.UUID) error{
			privacy.IdentityNumber: func(ctx context.Context, tx *pg.Tx, person uuid.UUID) error {
				return documents.Forget(ctx, tx, person)
			},
		},
		Terms: privacy.Terms{DeletionDays: a.cfg.DeletionDays, ExportDays: exportDays, EvidenceYears: a.cfg.Evidence.Years, BeatsDays: a.cfg.Evidence.BeatsDays},
		Now:   time.Now,
	})
	documents = peopledb.New(a.parts.db, peopledb.Options{
		Box: a.vault, Hasher: a.vault, Trail: auditdb.Append, Notifier: a.notices(), Now: time.Now,
		Unite: a.rosterStore().Unite,
		Consent: func(ctx context.Context, tx *pg.Tx, person uuid.UUID, version int) error {
			return wishes.Give(ctx, tx, person, privacy.IdentityNumber, version)
		},
	})
	return documents, wishes
}

// addPeople plugs both into the operations.
func (a *App) addPeople() { a.domains.services.People, a.domains.services.Privacy = a.people() }

// addPrivacyWorker registers who puts exports together.
func (a *App) addPrivacyWorker(w *river.Workers) error {
	_, wishes := a.people()
	return river.AddWorkerSafely[jobs.ExportData](w, privacyjob.New(wishes.Build))
}

// deletedAtOnce bounds how many people one round of housekeeping deletes.
const deletedAtOnce = 1000

// deletePeople deletes those whose wait is over, and lets go of what policy no longer keeps.
func (a *App) deletePeople(ctx context.Context) error {
	_, wishes := a.people()
	n, err := wishes.EraseDue(ctx, deletedAtOnce)
	if n > 0 {
		a.log.InfoContext(ctx, "people were deleted as they asked", "people", n)
	}
	return errors.Join(err, wishes.Retain(ctx))
}
