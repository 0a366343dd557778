package privacydb

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/privacy"
	"github.com/hourglass-lms/hourglass/storage/objects"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

type world struct {
	*testing.T
	db              *pg.DB
	store           *Store
	files           objects.Store
	now             time.Time
	li, second, han uuid.UUID
	sent            []notify.Notice
	jobs            int
	forgotten       []uuid.UUID
	sealedFails     error
}

func (w *world) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	w.sent = append(w.sent, n...)
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, db: pgtest.New(t), now: noon, li: uuid.New(), second: uuid.New(), han: uuid.New()}
	box, err := vault.Open(t.Context(), w.db, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if w.files, err = disk.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	w.store = New(w.db, Options{
		Box: box, Objects: w.files, Notifier: w, Terms: privacy.Terms{DeletionDays: 14, ExportDays: 7, EvidenceYears: 10, BeatsDays: 90}, Now: func() time.Time { return w.now },
		Enqueue: func(context.Context, *pg.Tx, river.JobArgs) error { w.jobs++; return nil },
		Trail: func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error {
			var actor *uuid.UUID
			if e.Actor != uuid.Nil {
				actor = &e.Actor
			}
			_, err := tx.Pgx().Exec(ctx, `INSERT INTO audit_events (id, at, actor_id, action, object_kind, object_id, subject_id, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, uuid.New(), at, actor, e.Action, e.ObjectKind, e.Object, e.Subject, e.After)
			return err
		},
		Sealed: map[string]func(context.Context, uuid.UUID) (any, error){"identity": func(_ context.Context, person uuid.UUID) (any, error) {
			if person != w.li {
				return nil, fault.New(fault.NotFound, "none")
			}
			return map[string]string{"number": "11010519491231002X"}, w.sealedFails
		}},
		Withdrawn: map[string]func(context.Context, *pg.Tx, uuid.UUID) error{privacy.IdentityNumber: func(_ context.Context, _ *pg.Tx, person uuid.UUID) error {
			w.forgotten = append(w.forgotten, person)
			return nil
		}},
	})
	org, course, version := uuid.New(), uuid.New(), uuid.New()
	w.exec(`INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'employer', '工厂', ARRAY[$1::uuid], now())`, org)
	for id, name := range map[uuid.UUID]string{w.li: "李雷", w.second: "李磊", w.han: "韩梅梅"} {
		w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, $3)`, id, name, noon)
		w.exec(`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, $2, 'phc$secret', now(), now())`, id, id.String()[:8]+"@example.cn")
		w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), id, org, noon.AddDate(-1, 0, 0))
		w.exec(`INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at, address) VALUES (sha256($1::text::bytea), $2, $3, $3, $4, '203.0.113.7')`, id, id, noon, noon.AddDate(1, 0, 0))
	}
	w.exec(`INSERT INTO staff (id, org_id, person_id, name, email, email_folded, employee_no, created_at, joined_at)
		SELECT gen_random_uuid(), $1, p.id, p.name, a.email, a.email, a.email, now(), now() FROM people p JOIN accounts a ON a.person_id = p.id`, org)
	w.exec(`INSERT INTO mail_bounces (address, source, status, detail, first_at, last_at) SELECT email_folded, 'smtp', '5.1.1', '', now(), now() FROM accounts`)
	w.exec(`INSERT INTO notices (id, kind, person_id, address, addressee, shown, at) SELECT gen_random_uuid(), 'invitation', NULL::uuid, email, email_folded, false, now() FROM accounts
		UNION ALL SELECT gen_random_uuid(), 'mail-changed', person_id, email, person_id::text, true, now() FROM accounts`)
	w.exec(`INSERT INTO mails (id, kind, person_id, state, detail, created_at, changed_at) SELECT id, kind, person_id, 'refused', address, now(), now() FROM notices`)
	w.exec(`UPDATE people SET merged_into = $1 WHERE id = $2`, w.li, w.second)
	w.exec(`INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, org, w.han)
	w.exec(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, hours, published_at, created_at, updated_at) VALUES ($1, $2, 1, 'published', 'professional', 'zh', '灌溉', 10, now(), now(), now())`, version, course)
	chapter, lesson := uuid.New(), uuid.New()
	w.exec(`INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 1)`, chapter, version)
	w.exec(`INSERT INTO lessons (id, version_id, chapter_id, position, kind) VALUES ($1, $2, $3, 1, 'document')`, lesson, version, chapter)
	for i, id := range []uuid.UUID{w.li, w.second, w.han} {
		w.exec(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) VALUES ($1, $2, $3, $4, now(), now())`, uuid.New(), id, course, version)
		w.exec(`INSERT INTO notes (id, person_id, lesson_id, at_ms, text, created_at, updated_at) VALUES ($1, $2, $3, 0, $4, now(), now())`, uuid.New(), id, lesson, fmt.Sprintf("note of %d <script>", i))
		w.exec(`INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, earned_at, recorded_at, record) VALUES ($1, $2, 'registered', $3, 2026, 'professional', 10, $4, '灌溉', '', now(), now(), '')`, i, uuid.New(), id, fmt.Sprint("k", i))
		w.exec(`INSERT INTO certificates (serial, ledger_index, person_id, holder_name, issuer_zh, issuer_en, issued_at) VALUES ($1, $2, $3, '持证人', '', '', now())`, fmt.Sprint("HG-", i), i, id)
	}
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	if _, err := w.db.Pool().Exec(w.Context(), sql, args...); err != nil {
		w.Fatal(sql, err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.Helper()
	if err := w.db.Pool().QueryRow(w.Context(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// fetch asks for, builds and fetches an export.
func (w *world) fetch(person uuid.UUID) (map[string]string, uuid.UUID) {
	w.Helper()
	e, err := w.store.RequestExport(w.Context(), person)
	if err != nil {
		w.Fatal(err)
	}
	for range 2 { // a job may be worked on twice
		if err := w.store.Build(w.Context(), e.ID); err != nil {
			w.Fatal(err)
		}
	}
	r, size, err := w.store.Fetch(w.Context(), person, e.ID)
	if err != nil {
		w.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil || int64(len(data)) != size || r.Close() != nil {
		w.Fatalf("%d bytes of %d, %v", len(data), size, err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), size)
	if err != nil {
		w.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			w.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			w.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files, e.ID
}

func TestAnExportHoldsEverythingOfAllOnesRecordsAndNothingOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	files, id := w.fetch(w.li)
	for name, rows := range map[string]int{"notes": 2, "enrolments": 2, "certificates": 2, "ledger_entries": 2, "memberships": 2, "accounts": 2, "people": 2, "sign_ins": 2, "quiz_attempts": 0, "data_exports": 1} {
		var list []map[string]any
		if err := json.Unmarshal([]byte(files["data/"+name+".json"]), &list); err != nil || len(list) != rows {
			t.Errorf("%s has %d rows, want %d: %v", name, len(list), rows, err)
		}
	}
	all := fmt.Sprint(files)
	for _, secret := range []string{"phc$secret", "韩梅梅", w.han.String()[:8], "note of 2", "<script>"} {
		if strings.Contains(all, secret) && (secret != "<script>" || strings.Contains(files["index.html"], secret)) {
			t.Errorf("the export tells %q", secret)
		}
	}
	if !strings.Contains(files["data/identity.json"], "1949") || !strings.Contains(files["index.html"], "note of 0 &lt;script&gt;") || !strings.Contains(files["index.html"], "我的数据") {
		t.Error("the export lacks something")
	}
	if _, _, err := w.store.Fetch(t.Context(), w.li, id); fault.KindOf(err) != fault.Gone {
		t.Errorf("fetched twice: %v", err)
	}
	if len(w.sent) != 1 || w.sent[0].Kind != "export-ready" || w.jobs != 1 {
		t.Errorf("told %+v, %d jobs", w.sent, w.jobs)
	}
	w.now = noon.Add(2 * time.Hour)
	if err := w.store.Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.files.Stat(t.Context(), keyOf(id)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestAnExportLiesSealedAndIsItsOwnersAloneAndForAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, err := w.store.RequestExport(t.Context(), w.li)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.RequestExport(t.Context(), w.li); fault.KindOf(err) != fault.Conflict {
		t.Errorf("two at once: %v", err)
	}
	if _, _, err := w.store.Fetch(t.Context(), w.li, e.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("before it is built: %v", err)
	}
	w.sealedFails = errors.New("the vault is away")
	if err := w.store.Build(t.Context(), e.ID); err == nil {
		t.Error("half an export was built")
	}
	w.sealedFails = nil
	if err := w.store.Build(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	r, _, err := w.files.Get(t.Context(), keyOf(e.ID), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := io.ReadAll(r)
	_ = r.Close()
	if bytes.Contains(stored, []byte("index.html")) || bytes.Contains(stored, []byte("PK")) && bytes.Contains(stored, []byte("data/")) {
		t.Error("it lies in the open")
	}
	if _, _, err := w.store.Fetch(t.Context(), w.han, e.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("by somebody else: %v", err)
	}
	w.now = noon.AddDate(0, 0, 7)
	if _, _, err := w.store.Fetch(t.Context(), w.li, e.ID); fault.KindOf(err) != fault.Gone {
		t.Errorf("after a week: %v", err)
	}
	if err := w.store.Retain(t.Context()); err != nil || w.count(`SELECT count(*) FROM data_exports WHERE stored OR state <> 'expired'`) != 0 {
		t.Errorf("it was not dropped: %v", err)
	}
	if e, err = w.store.RequestExport(t.Context(), w.li); err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE data_exports SET requested_at = requested_at - interval '15 days' WHERE id = $1`, e.ID)
	if err := w.store.Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.RequestExport(t.Context(), w.li); err != nil {
		t.Errorf("after one that is never built none is given: %v", err)
	}
}

func TestOfManyWhoFetchAnExportAtOnceOneHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, err := w.store.RequestExport(t.Context(), w.li)
	if err != nil || w.store.Build(t.Context(), e.ID) != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	got := make(chan bool, 5)
	for range 5 {
		all.Go(func() {
			r, _, err := w.store.Fetch(t.Context(), w.li, e.ID)
			if err == nil {
				_ = r.Close()
			}
			got <- err == nil
		})
	}
	all.Wait()
	close(got)
	n := 0
	for ok := range got {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d have it", n)
	}
}

func TestASealedFileOpensWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := bytes.Repeat([]byte("0123456789abcdef"), 2*pieceSize/16)
	for _, size := range []int{0, 1, pieceSize - 1, pieceSize, pieceSize + 1, len(plain)} {
		var file bytes.Buffer
		s := &sealer{ctx: t.Context(), box: w.store.o.Box, purpose: "x", to: &file}
		for rest := plain[:size]; len(rest) > 0; {
			n := min(100_000, len(rest))
			if _, err := s.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		open := func(b []byte) ([]byte, error) {
			return io.ReadAll(&opener{ctx: t.Context(), box: w.store.o.Box, purpose: "x", from: io.NopCloser(bytes.NewReader(b))})
		}
		if got, err := open(file.Bytes()); err != nil || !bytes.Equal(got, plain[:size]) {
			t.Errorf("%d bytes: %d came back, %v", size, len(got), err)
		}
		first := 4 + 17 + 16 + min(size, pieceSize)
		for name, bad := range map[string][]byte{"cut": file.Bytes()[:file.Len()-1], "without its last piece": file.Bytes()[:min(first, file.Len()-1)], "without its first piece": file.Bytes()[first:]} {
			if _, err := open(bad); err == nil && len(bad) != file.Len() {
				t.Errorf("%d bytes, %s, open", size, name)
			}
		}
	}
}

func TestADeletionWaitsCanBeTakenBackAndKeepsWhatTheLawKeeps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, err := w.store.RequestDeletion(t.Context(), w.li)
	if err != nil || !d.DueAt.Equal(noon.AddDate(0, 0, 14)) {
		t.Fatal(d, err)
	}
	w.now = noon.AddDate(0, 0, 13)
	if again, err := w.store.RequestDeletion(t.Context(), w.li); err != nil || !again.DueAt.Equal(d.DueAt) {
		t.Errorf("asked again it is due %s, %v", again.DueAt, err)
	}
	if n, err := w.store.EraseDue(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d were deleted a day early, %v", n, err)
	}
	if err := w.store.CancelDeletion(t.Context(), w.li); err != nil {
		t.Fatal(err)
	}
	if err := w.store.CancelDeletion(t.Context(), w.li); fault.KindOf(err) != fault.NotFound {
		t.Errorf("taken back twice: %v", err)
	}
	w.now = noon.AddDate(1, 0, 0)
	if n, err := w.store.EraseDue(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d were deleted who took it back, %v", n, err)
	}
	if _, err := w.store.RequestDeletion(t.Context(), w.li); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 14)
	var sweeps sync.WaitGroup
	done := make(chan int, 3)
	for range 3 {
		sweeps.Go(func() {
			n, err := w.store.EraseDue(t.Context(), 10)
			if err != nil {
				t.Error(err)
			}
			done <- n
		})
	}
	sweeps.Wait()
	if n := <-done + <-done + <-done; n != 1 {
		t.Errorf("deleted %d times", n)
	}
	w.deleted(t)
}

// deleted looks through the whole database for what should be gone.
func (w *world) deleted(t *testing.T) {
	t.Helper()
	for _, sql := range []string{
		`SELECT count(*) FROM accounts WHERE person_id <> $1`, `SELECT count(*) FROM sign_ins WHERE person_id <> $1`, `SELECT count(*) FROM notes WHERE person_id <> $1`,
		`SELECT count(*) FROM notices WHERE person_id <> $1`, `SELECT count(*) FROM mails WHERE person_id <> $1`,
		`SELECT count(*) FROM memberships WHERE person_id <> $1 AND until IS NULL`, `SELECT count(*) FROM people WHERE id <> $1 AND erased_at IS NULL`,
	} {
		if n := w.count(sql, w.han); n != 0 {
			t.Errorf("%s: %d", sql, n)
		}
	}
	for _, sql := range []string{`SELECT count(*) FROM ledger_entries`, `SELECT count(*) FROM certificates`, `SELECT count(*) FROM enrolments`, `SELECT count(*) FROM staff`} {
		if n := w.count(sql); n != 3 {
			t.Errorf("%s: %d, want 3", sql, n)
		}
	}
	for _, table := range ask[column](t, w.db, `SELECT table_name::text, '' FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`) {
		for _, word := range []string{"李雷", "李磊", w.li.String()[:8] + "@", w.second.String()[:8] + "@", "note of 0", "note of 1"} {
			if n := w.count(`SELECT count(*) FROM `+table.Table+` t WHERE strpos(t::text, $1) > 0`, word); n != 0 {
				t.Errorf("%s still says %q", table.Table, word)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM notes WHERE person_id = $1`, w.han) + w.count(`SELECT count(*) FROM accounts WHERE person_id = $1`, w.han); n != 2 {
		t.Error("somebody else was deleted too")
	}
	if last := w.sent[len(w.sent)-1]; last.Kind != "account-deleted" || !strings.HasPrefix(last.Address, w.li.String()[:8]) {
		t.Errorf("told %+v", last)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'account.delete' AND actor_id IS NULL AND subject_id = $1`, w.li); n != 1 {
		t.Errorf("noted %d times", n)
	}
}

func TestConsentsAreGivenToTheNewestTextAndTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	give := func(version int) error {
		return w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
			return w.store.Give(ctx, tx, w.li, privacy.IdentityNumber, version)
		})
	}
	if err := give(2); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a text that is not there: %v", err)
	}
	for range 2 {
		if err := give(1); err != nil {
			t.Fatal(err)
		}
	}
	w.now = noon.Add(time.Hour)
	if err := w.store.Withdraw(t.Context(), w.li, privacy.IdentityNumber); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Withdraw(t.Context(), w.li, privacy.IdentityNumber); fault.KindOf(err) != fault.NotFound {
		t.Errorf("taken back twice: %v", err)
	}
	if err := give(1); err != nil {
		t.Fatal(err)
	}
	list, err := w.store.Consents(t.Context(), w.li)
	if err != nil || len(list) != 2 || list[0].WithdrawnAt != nil || list[1].WithdrawnAt == nil || len(w.forgotten) != 1 {
		t.Errorf("%+v, %v, forgotten %v", list, err, w.forgotten)
	}
	w.now = noon.AddDate(3, 0, 1)
	if err := w.store.Retain(t.Context()); err != nil || w.count(`SELECT count(*) FROM consents`) != 1 {
		t.Errorf("after three years: %v", err)
	}
}
