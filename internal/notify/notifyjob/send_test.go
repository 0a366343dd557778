package notifyjob_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/internal/notify/notifyjob"
	"github.com/hourglass-lms/hourglass/storage/mail"
	"github.com/hourglass-lms/hourglass/storage/mail/mailtest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// office is a database, a mail server and a worker between them whose clock is the test's.
type office struct {
	t      testing.TB
	db     *pg.DB
	store  *notifydb.Store
	server *mailtest.Server
	links  *linktoken.Keys
	person uuid.UUID
	now    time.Time
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, db: pgtest.New(t), server: mailtest.New(t, mailtest.Options{}), person: uuid.New(), now: time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)}
	c, err := jobs.New(o.db, jobs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o.links, err = linktoken.New(bytes.Repeat([]byte{7}, 32)); err != nil {
		t.Fatal(err)
	}
	o.store = notifydb.New(o.db, c.EnqueueAll, func() time.Time { return o.now })
	o.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, '沈知远', now())`, o.person)
	o.exec(`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, 'zhiyuan@example.cn', 'zhiyuan@example.cn', 'x', now(), now())`, o.person)
	return o
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.db.Pool().Exec(context.Background(), sql, args...); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) send(n notify.Notice) (mail uuid.UUID) {
	o.t.Helper()
	err := o.db.InTx(context.Background(), func(ctx context.Context, tx *pg.Tx) error { return o.store.Send(ctx, tx, n) })
	if err == nil {
		err = o.db.Pool().QueryRow(context.Background(), `SELECT id FROM notices ORDER BY id DESC LIMIT 1`).Scan(&mail)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return mail
}

func (o *office) published() notify.Notice {
	return notify.Notice{Kind: notify.CoursePublished, Person: o.person, Path: "/courses/1", Facts: map[string]string{"course": "数据安全 <b>&", "course_en": "Data & <b>", "hours": "6"}}
}

// sender is a worker over a store that may be a dying one.
func (o *office) sender(store notifyjob.Store) *notifyjob.Sender {
	return &notifyjob.Sender{
		Store: store, Carrier: mail.SMTP{Host: o.server.Host, Port: o.server.Port, TLS: &tls.Config{RootCAs: o.server.Roots, MinVersion: tls.VersionTLS12}},
		Links: o.links, Home: "https://hourglass.example", From: "学时 <no-reply@hourglass.example>", Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.now },
	}
}

func (o *office) work(id uuid.UUID) error {
	return o.sender(o.store).Work(context.Background(), &river.Job[jobs.SendMail]{JobRow: &rivertype.JobRow{}, Args: jobs.SendMail{MailID: id}})
}

func (o *office) row(id uuid.UUID) (state string, doubts int) {
	o.t.Helper()
	if err := o.db.Pool().QueryRow(context.Background(), `SELECT state, doubts FROM mails WHERE id = $1`, id).Scan(&state, &doubts); err != nil {
		o.t.Fatal(err)
	}
	return state, doubts
}

func (o *office) want(id uuid.UUID, state string, taken int) {
	o.t.Helper()
	got, _ := o.row(id)
	if n := len(o.server.Taken()); got != state || n != taken {
		o.t.Errorf("the mail is %s and %d were taken, want %s and %d", got, n, state, taken)
	}
}

// parts are the two bodies of a mail.
func parts(t *testing.T, m mailtest.Taken) (text, html string) {
	t.Helper()
	_, boundary, _ := strings.Cut(m.Header.Get("Content-Type"), "boundary=")
	_, body, _ := strings.Cut(m.Raw, "\r\n\r\n")
	r := multipart.NewReader(strings.NewReader(body), strings.Trim(boundary, "\""))
	var out []string
	for p, err := r.NextPart(); err == nil; p, err = r.NextPart() {
		data, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		out = append(out, string(data))
	}
	if len(out) != 2 {
		t.Fatalf("%d parts", len(out))
	}
	return out[0], out[1]
}

func TestAMailIsSentOnceAndSaysHowToEndIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.send(o.published())
	for range 3 {
		if err := o.work(id); err != nil {
			t.Fatal(err)
		}
	}
	o.want(id, "sent", 1)
	m := o.server.Taken()[0]
	text, html := parts(t, m)
	if !strings.Contains(text, "数据安全 <b>&") || strings.Contains(html, "数据安全 <b>") || !strings.Contains(html, "数据安全 &lt;b&gt;&amp;") {
		t.Errorf("facts are not escaped as they must be: %s\n%s", text, html)
	}
	token := strings.TrimSuffix(strings.TrimPrefix(m.Header.Get("List-Unsubscribe"), "<https://hourglass.example/api/v1/unsubscribe/course-published/"), ">")
	if got, ok := o.links.Check(notify.UnsubscribePurpose(notify.CoursePublished), token); !ok || got != o.person || !strings.Contains(text, "https://hourglass.example/unsubscribe/course-published/"+token) {
		t.Errorf("the proof is %q", token)
	}
	if m.Header.Get("Message-Id") != "<"+id.String()+"@hourglass.example>" {
		t.Errorf("its id is %s", m.Header.Get("Message-Id"))
	}
}

func TestAProofIsInTheMailAndInNoTable(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link := &notify.Link{Purpose: "reset-password", ID: uuid.New()}
	id := o.send(notify.Notice{Kind: notify.ResetPassword, Person: o.person, Address: "old@example.cn", Path: "/reset-password", Link: link, Facts: map[string]string{"until": "2026-11-25T03:00:00Z"}})
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	m := o.server.Taken()[0]
	text, html := parts(t, m)
	proof := "https://hourglass.example/reset-password?token=" + o.links.Token(link.Purpose, link.ID)
	if m.To != "old@example.cn" || !strings.Contains(text, proof) || !strings.Contains(html, proof) || m.Header.Get("List-Unsubscribe") != "" || !strings.Contains(text, "2026年11月25日 11:00") {
		t.Errorf("%+v\n%s", m, text)
	}
}

func TestWhatTheServerSaysIsDone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	code := func(code int, e smtp.EnhancedCode) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: e, Message: "no"}
	}
	id := o.send(o.published())
	o.server.Fail(mailtest.Faults{Rcpt: func(string) error { return code(451, smtp.EnhancedCode{4, 7, 1}) }})
	if err := o.work(id); err == nil {
		t.Fatal("a mail put off is not tried again")
	}
	o.want(id, "waiting", 0)
	o.server.Fail(mailtest.Faults{Data: func() error { return code(554, smtp.EnhancedCode{5, 7, 1}) }})
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	o.want(id, "refused", 0)
	id = o.send(o.published())
	o.server.Fail(mailtest.Faults{Rcpt: func(string) error { return code(550, smtp.EnhancedCode{5, 1, 1}) }})
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	o.want(id, "refused", 0)
	o.server.Fail(mailtest.Faults{})
	id = o.send(o.published())
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	o.want(id, "held", 0)
	bounces, err := o.store.Bounces(t.Context())
	if err != nil || len(bounces) != 1 || bounces[0].Address != "zhiyuan@example.cn" || bounces[0].Status != "5.1.1" || bounces[0].Source != "smtp" {
		t.Fatalf("%+v %v", bounces, err)
	}
	if was, err := o.store.Reachable(t.Context(), " Zhiyuan@Example.CN"); err != nil || !was {
		t.Fatal(was, err)
	}
	id = o.send(o.published())
	o.now = o.now.Add(notifydb.GiveUp + time.Hour)
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	o.want(id, "late", 0)
}

func TestAnAddressNoMailCanBeSentToIsHeldBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.send(notify.Notice{Kind: notify.PasswordChanged, Person: o.person, Address: "a@b\r\nRCPT TO:<c@d>"})
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	o.want(id, "refused", 0)
}

// errKilled ends an attempt as the end of its process would: nothing is noted after it.
var errKilled = errors.New("killed")

// dying is a store whose worker dies at a step.
type dying struct {
	*notifydb.Store
	at   string
	dead bool
}

func (d *dying) die(step string) error {
	if d.dead = d.dead || d.at == step; d.dead {
		return errKilled
	}
	return nil
}

func (d *dying) Begin(ctx context.Context, id uuid.UUID) (*notifydb.Mail, bool, error) {
	m, busy, err := d.Store.Begin(ctx, id)
	if dead := d.die("begun"); dead != nil {
		return nil, false, dead
	}
	return m, busy, err
}

func (d *dying) Handing(ctx context.Context, m *notifydb.Mail) error {
	if err := d.die("before handing"); err != nil {
		return err
	}
	return errors.Join(d.Store.Handing(ctx, m), d.die("handing"))
}

func (d *dying) Sent(ctx context.Context, m *notifydb.Mail) error {
	if err := d.die("taken"); err != nil {
		return err
	}
	return errors.Join(d.Store.Sent(ctx, m), d.die("sent"))
}

func (d *dying) Failed(ctx context.Context, m *notifydb.Mail, doubt bool, detail string) error {
	if err := d.die("failed"); err != nil {
		return err
	}
	return d.Store.Failed(ctx, m, doubt, detail)
}

func TestHoweverOftenAWorkerDiesAMailIsTakenOncePlusItsDoubts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	steps := []string{"", "begun", "before handing", "handing", "taken", "sent", "failed"}
	faults := map[string]mailtest.Faults{
		"": {}, "drop": {Drop: func() bool { return true }},
		"rcpt": {Rcpt: func(string) error { return &smtp.SMTPError{Code: 450, Message: "later"} }},
		"data": {Data: func() error { return &smtp.SMTPError{Code: 451, Message: "later"} }},
	}
	before := 0
	rapid.Check(t, func(t *rapid.T) {
		id := o.send(o.published())
		for range rapid.IntRange(0, 8).Draw(t, "deaths") {
			o.server.Fail(faults[rapid.SampledFrom([]string{"", "drop", "rcpt", "data"}).Draw(t, "fault")])
			d := &dying{Store: o.store, at: rapid.SampledFrom(steps).Draw(t, "step")}
			_ = o.sender(d).Work(context.Background(), &river.Job[jobs.SendMail]{JobRow: &rivertype.JobRow{}, Args: jobs.SendMail{MailID: id}})
			if rapid.Bool().Draw(t, "later") {
				o.now = o.now.Add(notifydb.Grace)
			}
		}
		o.server.Fail(mailtest.Faults{})
		o.now = o.now.Add(notifydb.Grace)
		if err := o.work(id); err != nil {
			t.Fatal(err)
		}
		state, doubts := o.row(id)
		all := o.server.Taken()
		taken := len(all) - before
		before = len(all)
		if state != "sent" || taken < 1 || taken > 1+doubts {
			t.Fatalf("%s with %d doubts was taken %d times", state, doubts, taken)
		}
		for _, m := range all[len(all)-taken:] {
			if m.Header.Get("Message-Id") != "<"+id.String()+"@hourglass.example>" {
				t.Fatalf("a copy has the id %s", m.Header.Get("Message-Id"))
			}
		}
	})
}

func TestAnAttemptThatWasTakenOverLetsGo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.send(o.published())
	slow, _, err := o.store.Begin(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.work(id); err != nil {
		t.Fatal(err)
	}
	if err := o.store.Handing(t.Context(), slow); err == nil {
		t.Error("the first attempt goes on")
	}
	o.want(id, "sent", 1)
}
