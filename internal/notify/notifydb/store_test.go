package notifydb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is a database with a store over it and one person, whose clock stands still.
type world struct {
	*notifydb.Store
	t      *testing.T
	db     *pg.DB
	person uuid.UUID
	now    time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), now: time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC)}
	c, err := jobs.New(w.db, jobs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.Store = notifydb.New(w.db, c.EnqueueAll, func() time.Time { return w.now })
	w.person = w.newPerson("沈知远", "zhiyuan@example.cn")
	return w
}

func (w *world) newPerson(name, email string) uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, name)
	w.exec(`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, lower($2), 'x', now(), now())`, id, email)
	return id
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.Pool().QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) send(then error, n ...notify.Notice) error {
	return w.db.InTx(w.t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		return errors.Join(w.Send(ctx, tx, n...), then)
	})
}

func (w *world) mustSend(n ...notify.Notice) {
	w.t.Helper()
	if err := w.send(nil, n...); err != nil {
		w.t.Fatal(err)
	}
}

// published is a notice that may be turned off, given its Once.
func (w *world) published(once string) notify.Notice {
	return notify.Notice{Kind: notify.CoursePublished, Person: w.person, Path: "/workspace/courses", Once: once, Facts: map[string]string{"course": "数据安全", "course_en": "Data security", "hours": "6"}}
}

func TestANoticeIsToldExactlyIfItHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	no := errors.New("no")
	if err := w.send(no, w.published("")); !errors.Is(err, no) {
		t.Fatal(err)
	}
	for _, table := range []string{"notices", "mails", "river_job"} {
		if n := w.count(`SELECT count(*) FROM ` + table); n != 0 {
			t.Errorf("after a rollback %d rows are in %s", n, table)
		}
	}
	w.mustSend(w.published(""), w.published(""))
	for _, table := range []string{"notices", "mails", "river_job"} {
		if n := w.count(`SELECT count(*) FROM ` + table); n != 2 {
			t.Errorf("%d rows are in %s, want 2", n, table)
		}
	}
}

func TestWhatMayBeToldOnceIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.newPerson("罗立新", "lixin@example.cn")
	w.mustSend(w.published("v1"), w.published("v1"))
	w.mustSend(w.published("v1"), w.published("v2"))
	theirs := w.published("v1")
	theirs.Person = other
	w.mustSend(theirs)
	if n := w.count(`SELECT count(*) FROM notices`); n != 3 {
		t.Errorf("%d notices, want two of one person and one of another", n)
	}
	invite := notify.Notice{Kind: notify.Invitation, Address: "New@Example.cn", Path: "/join", Once: "i", Facts: map[string]string{"organisation": "江城市人事局", "role": "instructor", "by": "罗立新", "expires": "2026-12-01T00:00:00Z"}}
	w.mustSend(invite)
	invite.Address = " new@example.CN"
	w.mustSend(invite)
	if n := w.count(`SELECT count(*) FROM notices WHERE person_id IS NULL AND NOT shown`); n != 1 {
		t.Errorf("an address was invited %d times", n)
	}
	if jobs, mails := w.count(`SELECT count(*) FROM river_job WHERE kind = 'send_mail'`), w.count(`SELECT count(*) FROM mails`); jobs != 4 || mails != 4 {
		t.Errorf("%d jobs for %d mails of 4 notices", jobs, mails)
	}
}

func TestANoticeThatCannotBeToldIsAMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spoil := range map[string]func(*notify.Notice){
		"unknown kind":        func(n *notify.Notice) { n.Kind = "gossip" },
		"missing fact":        func(n *notify.Notice) { n.Facts = map[string]string{"course": "x"} },
		"path elsewhere":      func(n *notify.Notice) { n.Path = "//evil.example/" },
		"proof without path":  func(n *notify.Notice) { n.Path, n.Link = "", &notify.Link{Purpose: "x", ID: uuid.New()} },
		"nobody":              func(n *notify.Notice) { n.Person = uuid.Nil },
		"somebody not there":  func(n *notify.Notice) { n.Person = uuid.New() },
		"an address too long": func(n *notify.Notice) { n.Address = string(make([]byte, 300)) },
	} {
		n := w.published("")
		spoil(&n)
		if err := w.send(nil, n); err == nil {
			t.Errorf("%s is taken", name)
		} else if k := fault.KindOf(err); k == fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.count(`SELECT count(*) FROM notices`); n != 0 {
		t.Errorf("%d notices are there", n)
	}
}
