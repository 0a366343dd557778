package app

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/internal/notify/notifyjob"
	"github.com/hourglass-lms/hourglass/storage/mail"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// notices is what tells people. The queue is made after the workers that tell, so it is asked for late.
func (a *App) notices() *notifydb.Store {
	return notifydb.New(a.parts.db, func(ctx context.Context, tx *pg.Tx, args ...river.JobArgs) error {
		return a.jobs.EnqueueAll(ctx, tx, args...)
	}, time.Now)
}

// noticesService is httpapi.Notices over the database and the keys of proofs.
type noticesService struct {
	*notifydb.Store
	links *linktoken.Keys
}

// Unsubscribed ends mail of a kind for whom the proof was written.
func (n *noticesService) Unsubscribed(ctx context.Context, kind notify.Kind, proof string) error {
	person, ok := n.links.Check(notify.UnsubscribePurpose(kind), proof)
	if !ok {
		return fault.New(fault.NotFound, "this address is not one from a mail of ours")
	}
	return n.Unsubscribe(ctx, person, kind)
}

func (a *App) addNotices() {
	a.domains.services.Notices = &noticesService{a.notices(), a.links}
}

// mailsAtOnce is how many mails a worker sends at the same time.
const mailsAtOnce = 4

// mailWorkers is 0 where there is no way for mail: it waits in its queue.
func (a *App) mailWorkers() int {
	if a.cfg.Mail.Leaves() {
		return mailsAtOnce
	}
	return 0
}

// addMail registers who sends mail, or says that nobody does.
func (a *App) addMail(w *river.Workers) error {
	if !a.cfg.Mail.Leaves() {
		a.log.Warn("HOURGLASS_SMTP_URL is not set: mail waits in the database and is sent once it is; what waits longer than five days is not sent any more")
		return nil
	}
	if a.cfg.PublicURL == nil {
		return &config.Error{Name: config.Prefix + "PUBLIC_URL", Why: "is not set, and mails lead there"}
	}
	return river.AddWorkerSafely(w, &notifyjob.Sender{
		Store: a.notices(), Carrier: carrier(a.cfg.Mail, a.cfg.PublicURL.Hostname()), Links: a.links, Home: strings.TrimSuffix(a.cfg.PublicURL.String(), "/"), From: a.cfg.Mail.From, Logger: a.log, Now: time.Now,
	})
}

// carrier hands mail to the server of the settings, to which it says that it is
// home, unless that is a bare address.
func carrier(m config.Mail, home string) notifyjob.Carrier {
	if m.Server == nil {
		return mail.Folder{Dir: m.Folder}
	}
	s := mail.SMTP{Host: m.Server.Hostname(), Port: m.Server.Port(), Implicit: m.Server.Scheme == "smtps", User: m.Server.User.Username(), Password: m.Password}
	if net.ParseIP(home) == nil {
		s.Hello = home
	}
	if s.Port == "" {
		s.Port = map[bool]string{true: "465", false: "587"}[s.Implicit]
	}
	return s
}

// digests makes the day's digests until ctx ends.
func (a *App) digests(ctx context.Context) { notifyjob.Digests(ctx, a.notices().Digest, a.log) }
