package app

import (
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/catalog/catalogdb"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/internal/learning/learningdb"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/internal/media/mediajob"
	"github.com/hourglass-lms/hourglass/internal/media/packager"
	"github.com/hourglass-lms/hourglass/internal/quiz/quizdb"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
	"github.com/hourglass-lms/hourglass/internal/registry/registryjob"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// domains are the stores plugged into the operations, and what of them must be closed.
type domains struct {
	services httpapi.Services
	accounts *identity.Accounts
	orgs     orgs
	closers  []func()
}

func (d *domains) close() {
	for _, c := range d.closers {
		c()
	}
}

// addDomains plugs every store into the operations that call it.
func (a *App) addDomains(task Task) error {
	if !task.Serve {
		return nil
	}
	d, db, now := a.domains, a.parts.db, time.Now
	var err error
	keys := identitydb.New(db)
	if d.accounts, err = a.newAccounts(identityredis.New(a.parts.redis)); err != nil {
		return err
	}
	hours, err := newHours(db, a.cfg.LedgerKey, now)
	if err != nil {
		return err
	}
	courses := catalogdb.New(db, now).Audited(auditdb.AppendTo).Telling(a.notices())
	d.orgs = a.organisations(courses, now)
	courses.Asking(d.orgs.MustBeAccredited)
	learning := learningdb.New(db, a.jobs.Enqueue, now)
	d.services = httpapi.Services{
		Accounts: d.accounts, Organisations: d.orgs, Idempotency: keys,
		Media:     &mediaService{Store: mediadb.New(db, now), objects: a.parts.objects, jobs: a.jobs, public: a.cfg.Objects.Public != nil, accel: a.cfg.Objects.Accel, maxUpload: a.cfg.MaxUpload, now: now},
		Catalogue: courses, Authoring: courses, Reviews: courses,
		Evidence: studydb.New(db, nil), Flags: a.flags(),
		Learning: learning, Notes: learning, Quizzes: quizdb.New(db, learning.CompleteLesson, now), Hours: hours,
		Tree: d.orgs, Members: d.orgs, Invitations: d.orgs,
	}
	a.addPeople()
	a.addTrail()
	d.services.Roster = a.rosterService()
	a.addShells(&d.services, hours.Store)
	a.addSignIn()
	a.addNotices()
	return a.addStudy(learning)
}

// addWorkers registers who works on which job.
func (a *App) addWorkers(w *river.Workers) error {
	assets := mediadb.New(a.parts.db, time.Now)
	pack := packager.New(packager.Options{Store: a.parts.objects, FFmpeg: a.cfg.FFmpeg, FFprobe: a.cfg.FFprobe})
	if err := river.AddWorkerSafely(w, mediajob.New(assets, a.parts.objects, pack, a.log)); err != nil {
		return err
	}
	if err := river.AddWorkerSafely(w, a.rosterWorker()); err != nil {
		return err
	}
	if err := a.addPrivacyWorker(w); err != nil {
		return err
	}
	if err := a.addAccountWorker(w); err != nil {
		return err
	}
	if err := a.addMail(w); err != nil {
		return err
	}
	return river.AddWorkerSafely(w, registryjob.New(registrydb.New(a.parts.db, time.Now).Telling(a.notices()).RegisterEnrolment))
}
