package notifydb_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

func (w *world) prefer(c ...notify.Choice) {
	w.t.Helper()
	if err := w.Prefer(w.t.Context(), w.person, notify.Preferences{Choices: c}); err != nil {
		w.t.Fatal(err)
	}
}

// begin makes an attempt at every mail that waits and says how many go out.
func (w *world) begin() (sent int) {
	w.t.Helper()
	rows, err := w.db.Pool().Query(w.t.Context(), `SELECT id FROM mails WHERE state = 'waiting' ORDER BY id`)
	if err != nil {
		w.t.Fatal(err)
	}
	var ids []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			w.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		m, _, err := w.Begin(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if m != nil {
			sent += len(m.Notices)
			for _, do := range []func(context.Context) error{func(ctx context.Context) error { return w.Handing(ctx, m) }, func(ctx context.Context) error { return w.Sent(ctx, m) }} {
				if err := do(w.t.Context()); err != nil {
					w.t.Fatal(err)
				}
			}
		}
	}
	return sent
}

func (w *world) digest() int {
	w.t.Helper()
	n, err := w.Digest(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) unread() int {
	w.t.Helper()
	n, err := w.Unread(w.t.Context(), w.person)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestADigestComesAtEightWhereThePersonIsAndOnceADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prefer(notify.Choice{Kind: notify.CoursePublished, InProduct: true, Mail: notify.Daily})
	if err := w.Prefer(t.Context(), w.person, notify.Preferences{Zone: "America/New_York"}); err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) { w.now = time.Date(2026, 11, 25, hour, minute, 0, 0, time.UTC) }
	at(3, 0)
	w.mustSend(w.published(""), w.published(""), w.published(""))
	if n := w.begin(); n != 0 {
		t.Fatalf("%d went out at once", n)
	}
	at(12, 59) // 07:59 in New York
	if n := w.digest(); n != 0 {
		t.Fatal("it came before eight")
	}
	at(13, 0)
	items, _, _, err := w.Inbox(t.Context(), w.person, true, 10, uuid.Max)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Read(t.Context(), w.person, []uuid.UUID{items[0].ID}, uuid.Nil); err != nil {
		t.Fatal(err)
	}
	if n := w.digest(); n != 1 || w.digest() != 0 {
		t.Fatalf("%d digests", n)
	}
	if n := w.begin(); n != 2 {
		t.Errorf("the digest tells %d, want the two that were not read", n)
	}
	w.mustSend(w.published(""))
	w.begin()
	at(20, 0)
	if n := w.digest(); n != 0 {
		t.Error("there is a second digest on one day")
	}
	w.now = w.now.Add(24 * time.Hour)
	if n := w.digest(); n != 1 {
		t.Error("there is none on the next day")
	}
}

func TestWhatAPersonDoesNotWantIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.prefer(notify.Choice{Kind: notify.CoursePublished, InProduct: false, Mail: notify.Off})
	w.mustSend(w.published(""))
	if sent, unread := w.begin(), w.unread(); sent != 0 || unread != 0 {
		t.Errorf("%d sent, %d unread", sent, unread)
	}
	w.mustSend(notify.Notice{Kind: notify.PasswordChanged, Person: w.person})
	if sent, unread := w.begin(), w.unread(); sent != 1 || unread != 1 {
		t.Errorf("what binds: %d sent, %d unread", sent, unread)
	}
	for name, p := range map[string]notify.Preferences{
		"what binds":     {Choices: []notify.Choice{{Kind: notify.PasswordChanged, InProduct: true, Mail: notify.Daily}}},
		"unknown kind":   {Choices: []notify.Choice{{Kind: "gossip", InProduct: true, Mail: notify.Now}}},
		"unknown way":    {Choices: []notify.Choice{{Kind: notify.CoursePublished, InProduct: true, Mail: "pigeon"}}},
		"unknown zone":   {Zone: "Mars/Olympus"},
		"machine's zone": {Zone: "Local"},
		"a path":         {Zone: "../../etc/passwd"},
	} {
		if err := w.Prefer(t.Context(), w.person, p); fault.KindOf(err) != fault.Invalid || len(fault.FieldsOf(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneClickEndsMailOfOneKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mailOf := func(k notify.Kind) notify.How {
		p, err := w.Preferences(t.Context(), w.person)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(p.Choices, func(c notify.Choice) bool { return c.Kind == k })
		return p.Choices[at].Mail
	}
	for range 2 {
		for _, k := range []notify.Kind{notify.CoursePublished, notify.PasswordChanged, notify.Digest, "gossip"} {
			if err := w.Unsubscribe(t.Context(), w.person, k); err != nil {
				t.Fatal(err)
			}
		}
	}
	for k, want := range map[notify.Kind]notify.How{notify.CoursePublished: notify.Off, notify.CourseReturned: notify.Now, notify.PasswordChanged: notify.Now, notify.RecordViewed: notify.Off} {
		if got := mailOf(k); got != want {
			t.Errorf("mail about %s is %s, want %s", k, got, want)
		}
	}
}

func TestTheInboxIsOnesOwnAndIsReadToAPoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := w.published("")
	theirs.Person = w.newPerson("罗立新", "lixin@example.cn")
	w.mustSend(w.published("a"), w.published("b"), theirs, w.published("c"))
	items, more, zone, err := w.Inbox(t.Context(), w.person, false, 2, uuid.Max)
	if err != nil || len(items) != 2 || !more || zone.String() != "Asia/Shanghai" || items[0].Facts["hours"] != "6" {
		t.Fatalf("%+v %v %v %v", items, more, zone, err)
	}
	w.mustSend(w.published("d"))
	if err := w.Read(t.Context(), w.person, []uuid.UUID{}, items[0].ID); err != nil {
		t.Fatal(err)
	}
	if n := w.unread(); n != 1 {
		t.Errorf("%d are unread, want the one that came after", n)
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE read_at IS NULL`); n != 2 {
		t.Errorf("%d of all are unread: another's was marked", n)
	}
	w.now = w.now.Add(401 * 24 * time.Hour)
	if err := w.Forget(t.Context()); err != nil || w.count(`SELECT count(*) FROM notices`)+w.count(`SELECT count(*) FROM mails`) != 0 {
		t.Error("what is old is kept", err)
	}
}
