// Package notifyjob sends mail, and makes the day's digests, in the background.
//
// A mail is sent once, as far as SMTP allows. Its Message-ID is its id and
// never changes. Before the last byte of a letter goes out its row says
// "handing", and after the server's answer "sent" (or what was refused). A
// worker that dies before the first leaves nothing behind with the server; one
// that dies between the two, or whose connection breaks there, leaves a mail
// of which nobody knows whether it was taken. That is the only window. Such a
// mail is left alone for notifydb.Grace and then handed over again under the
// same Message-ID, and its row counts the doubt: of a mail with n doubts at
// most n + 1 copies have been taken. Losing an invitation or a proof would be
// worse than telling it twice, and most mailboxes show equal Message-IDs once.
package notifyjob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/mailtext"
	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/storage/mail"
)

// Store is where mails wait.
type Store interface {
	Begin(ctx context.Context, id uuid.UUID) (m *notifydb.Mail, busy bool, err error)
	Handing(ctx context.Context, m *notifydb.Mail) error
	Sent(ctx context.Context, m *notifydb.Mail) error
	Failed(ctx context.Context, m *notifydb.Mail, doubt bool, detail string) error
	Refused(ctx context.Context, m *notifydb.Mail, r notify.Reply) error
}

// Carrier hands a letter over; mail.SMTP says what its errors mean.
type Carrier interface {
	Carry(ctx context.Context, l mail.Letter, handing func(context.Context) error) error
}

// Sender is the worker on jobs.SendMail.
type Sender struct {
	river.WorkerDefaults[jobs.SendMail]
	Store   Store
	Carrier Carrier
	Links   *linktoken.Keys
	Home    string // the product's address, without a slash at its end
	From    string
	Logger  *slog.Logger
	Now     func() time.Time
}

// Timeout bounds an attempt; it stays below notifydb.Grace.
func (s *Sender) Timeout(*river.Job[jobs.SendMail]) time.Duration { return 3 * time.Minute }

// NextRetry waits half a minute, a minute, two … and at most an hour.
func (s *Sender) NextRetry(job *river.Job[jobs.SendMail]) time.Time {
	return s.Now().Add(min(time.Hour, 30*time.Second<<min(len(job.Errors), 7)))
}

// Work makes one attempt.
func (s *Sender) Work(ctx context.Context, job *river.Job[jobs.SendMail]) error {
	m, busy, err := s.Store.Begin(ctx, job.Args.MailID)
	switch {
	case err != nil:
		return err
	case busy:
		return river.JobSnooze(notifydb.Grace)
	case m == nil:
		return nil
	}
	l, err := s.Write(m)
	if err != nil {
		return errors.Join(err, s.Store.Failed(ctx, m, false, err.Error()))
	}
	return s.settle(ctx, m, s.Carrier.Carry(ctx, l, func(ctx context.Context) error { return s.Store.Handing(ctx, m) }))
}

// settle notes how an attempt ended. It is noted even when the attempt's time
// is over: a mail that was taken must not be in doubt for want of a second.
func (s *Sender) settle(ctx context.Context, m *notifydb.Mail, sent error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	var no *mail.Refusal
	switch {
	case sent == nil:
		return s.Store.Sent(ctx, m)
	case errors.Is(sent, mail.ErrAddress):
		return s.Store.Refused(ctx, m, notify.Reply{Code: 553, Status: "5.1.3", Text: sent.Error(), Recipient: true})
	case errors.Is(sent, mail.ErrDoubt):
		s.Logger.WarnContext(ctx, "a mail may or may not have been taken", "mail", m.ID, "error", sent)
		if err := s.Store.Failed(ctx, m, true, sent.Error()); err != nil {
			return err
		}
		return river.JobSnooze(notifydb.Grace)
	case errors.As(sent, &no) && no.Code >= 500:
		s.Logger.WarnContext(ctx, "a mail was refused", "mail", m.ID, "kind", m.Kind, "code", no.Code, "status", no.Status)
		return s.Store.Refused(ctx, m, notify.Reply(*no))
	}
	return errors.Join(fmt.Errorf("mail %s is tried again: %w", m.ID, sent), s.Store.Failed(ctx, m, false, sent.Error()))
}

// Write writes the letter. Proofs are added here and lie in no table.
func (s *Sender) Write(m *notifydb.Mail) (l mail.Letter, err error) {
	l = mail.Letter{ID: m.ID.String(), From: s.From, To: m.Address, Locale: m.Locale, Date: m.Created}
	o := mailtext.Options{Locale: m.Locale, Zone: m.Zone, Home: s.Home, Settings: s.Home + "/settings/notices"}
	if spec, known := notify.SpecOf(m.Kind); m.Person != uuid.Nil && (!known || !spec.Binding) {
		token := string(m.Kind) + "/" + s.Links.Token(notify.UnsubscribePurpose(m.Kind), m.Person)
		o.Unsubscribe = s.Home + "/unsubscribe/" + token
		l.Unsubscribe = s.Home + "/api/v1/unsubscribe/" + token
	}
	items := make([]mailtext.Item, len(m.Notices))
	for i, n := range m.Notices {
		items[i] = mailtext.Item{Notice: n, Link: s.link(n)}
	}
	w, err := mailtext.Write(items, m.Kind == notify.Digest, o)
	l.Subject, l.Text, l.HTML = w.Subject, w.Text, w.HTML
	return l, err
}

// link is where a notice leads, with its proof.
func (s *Sender) link(n notify.Notice) string {
	switch {
	case n.Path == "":
		return ""
	case n.Link == nil:
		return s.Home + n.Path
	}
	sign := "?"
	if strings.Contains(n.Path, "?") {
		sign = "&"
	}
	return s.Home + n.Path + sign + "token=" + url.QueryEscape(s.Links.Token(n.Link.Purpose, n.Link.ID))
}
