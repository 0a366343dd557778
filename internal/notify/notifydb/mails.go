package notifydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Mail is one that is to be sent now, with what it is written from.
type Mail struct {
	ID      uuid.UUID
	Kind    notify.Kind
	Person  uuid.UUID // uuid.Nil: an address alone
	Address string
	Locale  string
	Zone    *time.Location
	Notices []notify.Notice // one, or those of a digest, oldest first
	Created time.Time
	// Try numbers the attempts: whoever began a later one has taken the mail over.
	Try int
}

const (
	// GiveUp is how long a mail is tried (RFC 5321, section 4.5.4.1: four to five days).
	GiveUp = 5 * 24 * time.Hour
	// Grace is how long a mail that was handed over is left to whoever did
	// so; it is longer than any delivery may take.
	Grace = 5 * time.Minute
)

// personZone is the time zone of person $1's mornings.
const personZone = `coalesce(
	(SELECT zone FROM notice_zones WHERE person_id = p.id),
	(SELECT o.time_zone FROM memberships m JOIN organisations o ON o.id = m.org_id WHERE m.person_id = p.id AND m.until IS NULL ORDER BY m.role = 'professional' DESC, m.since DESC LIMIT 1),
	'Asia/Shanghai')`

// Begin begins an attempt at a mail. The mail is nil when there is nothing to
// do: it was sent, is not wanted, has nowhere to go, or waits for the digest.
// Busy means that another attempt has handed it over and may still be told the
// answer; ask again after Grace.
func (s *Store) Begin(ctx context.Context, id uuid.UUID) (m *Mail, busy bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		m, busy = nil, false
		row, err := lockMail(ctx, tx.Pgx(), id)
		if err != nil || row == nil {
			return err
		}
		now := s.now().UTC()
		if row.state == "handing" && now.Sub(row.changed) < Grace {
			busy = true
			return nil
		}
		next, err := s.judge(ctx, tx.Pgx(), row, now)
		if err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `
			UPDATE mails SET state = $2, changed_at = $3, tries = tries + ($2 = 'waiting')::int, doubts = doubts + (state = 'handing')::int WHERE id = $1`, id, next, now)
		if err == nil && next == "waiting" {
			m = &row.Mail
			m.Try++
		}
		return pg.Translate(err)
	})
	if err != nil {
		return nil, false, fmt.Errorf("begin mail %s: %w", id, err)
	}
	return m, busy, nil
}

// mailRow is a mail as it lies.
type mailRow struct {
	Mail
	state   string
	changed time.Time
}

// lockMail reads a mail that is still to be sent and locks it; nil for another.
func lockMail(ctx context.Context, tx pgx.Tx, id uuid.UUID) (*mailRow, error) {
	r, zone := &mailRow{}, ""
	var person *uuid.UUID
	err := tx.QueryRow(ctx, `
		SELECT m.id, m.kind, m.person_id, m.state, m.changed_at, m.created_at, m.tries,
		       coalesce(nullif(n.address, ''), a.email, ''), coalesce(p.locale, n.locale, 'zh-CN'), `+personZone+`
		FROM mails m LEFT JOIN notices n ON n.id = m.id LEFT JOIN people p ON p.id = m.person_id LEFT JOIN accounts a ON a.person_id = p.id
		WHERE m.id = $1 AND m.state IN ('waiting', 'handing') FOR UPDATE OF m`, id).
		Scan(&r.ID, &r.Kind, &person, &r.state, &r.changed, &r.Created, &r.Try, &r.Address, &r.Locale, &zone)
	if isNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, pg.Translate(err)
	}
	if person != nil {
		r.Person = *person
	}
	if r.Zone, err = time.LoadLocation(zone); err != nil {
		r.Zone = time.UTC
	}
	r.Notices, err = noticesOf(ctx, tx, id)
	return r, err
}

// noticesOf are the notices a mail tells of: its own, or those of a digest that are still unread.
func noticesOf(ctx context.Context, tx pgx.Tx, mail uuid.UUID) ([]notify.Notice, error) {
	rows, err := tx.Query(ctx, `
		SELECT kind, person_id, locale, facts, path, link_purpose, link_id FROM notices WHERE id = $1
		UNION ALL
		(SELECT n.kind, n.person_id, n.locale, n.facts, n.path, n.link_purpose, n.link_id FROM mails m JOIN notices n ON n.id = m.id
		 WHERE m.digest_id = $1 AND n.read_at IS NULL ORDER BY n.id LIMIT 200)`, mail)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n notify.Notice, err error) {
		var person, link *uuid.UUID
		var purpose string
		if err := row.Scan(&n.Kind, &person, &n.Locale, &n.Facts, &n.Path, &purpose, &link); err != nil {
			return n, err
		}
		if person != nil {
			n.Person = *person
		}
		if link != nil {
			n.Link = &notify.Link{Purpose: purpose, ID: *link}
		}
		return n, nil
	})
	return out, pg.Translate(err)
}

// judge says what becomes of a mail now; "waiting": it is sent.
func (s *Store) judge(ctx context.Context, tx pgx.Tx, r *mailRow, now time.Time) (string, error) {
	switch {
	case now.Sub(r.Created) > GiveUp:
		return "late", nil
	case r.Address == "":
		return "nobody", nil
	case len(r.Notices) == 0: // all of the digest has been read
		return "off", nil
	}
	var held bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM mail_bounces WHERE address = $1)`, fold(r.Address)).Scan(&held); err != nil || held {
		return "held", pg.Translate(err)
	}
	how, err := wanted(ctx, tx, r.Person, r.Kind)
	switch {
	case err != nil:
		return "", err
	case how == notify.Off:
		return "off", nil
	case how == notify.Daily:
		return "digest", nil
	}
	return "waiting", nil
}

// Handing notes that the letter of an attempt is about to become the server's.
// It fails when a later attempt has begun: then this one must let go.
func (s *Store) Handing(ctx context.Context, m *Mail) error {
	return s.move(ctx, m, "waiting", "handing", "")
}

// Sent notes that the server took it.
func (s *Store) Sent(ctx context.Context, m *Mail) error {
	return s.move(ctx, m, "handing", "sent", "")
}

// Failed notes what the server, or the way to it, said; the mail waits for
// another attempt, unless nobody knows whether it was taken.
func (s *Store) Failed(ctx context.Context, m *Mail, doubt bool, detail string) error {
	if doubt {
		return s.move(ctx, m, "handing", "handing", detail)
	}
	return s.move(ctx, m, "", "waiting", detail)
}

// move takes a mail on, if the attempt is still the last. From "" means
// whatever it is in but sent.
func (s *Store) move(ctx context.Context, m *Mail, from, to, detail string) error {
	tag, err := s.db.Pool().Exec(ctx, `
		UPDATE mails SET state = $4, detail = $5, changed_at = $6 WHERE id = $1 AND tries = $2 AND state = ANY (CASE $3 WHEN '' THEN ARRAY['waiting', 'handing'] ELSE ARRAY[$3] END)`,
		m.ID, m.Try, from, to, cut(detail), s.now().UTC())
	if err != nil {
		return fmt.Errorf("note mail %s as %s: %w", m.ID, to, pg.Translate(err))
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("note mail %s as %s: another attempt has begun", m.ID, to)
	}
	return nil
}

// Refused notes that the server will never take the mail, and, when that is
// for its address, that nothing more is sent there.
func (s *Store) Refused(ctx context.Context, m *Mail, r notify.Reply) error {
	if err := s.move(ctx, m, "", "refused", fmt.Sprintf("%d %s", r.Code, r.Text)); err != nil || !r.BadAddress() {
		return err
	}
	status := r.Status
	if status == "" {
		status = fmt.Sprint(r.Code)
	}
	return s.Bounced(ctx, Bounce{Address: m.Address, Mail: m.ID, Source: "smtp", Status: status, Detail: r.Text})
}

// cut bounds what a server said to what is kept of it.
func cut(text string) string {
	runes := []rune(notify.OneLine(text))
	return string(runes[:min(500, len(runes))])
}
