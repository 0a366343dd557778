package peopledb_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/people"
	"github.com/hourglass-lms/hourglass/internal/people/peopledb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const number = "11010519491231002X"

type recorder struct {
	mu     sync.Mutex
	events []audit.Event
	sent   []notify.Notice
	agreed map[uuid.UUID]int
	united [][2]uuid.UUID
}

func (r *recorder) unite(_ context.Context, _ *pg.Tx, joining, keeper uuid.UUID) error {
	r.united = append(r.united, [2]uuid.UUID{joining, keeper})
	return nil
}

func (r *recorder) trail(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	_, err := tx.Pgx().Exec(ctx, `INSERT INTO audit_events (id, at, actor_id, action, object_kind, object_id) VALUES ($1, $2, $3, $4, $5, $6)`, uuid.New(), at, e.Actor, e.Action, e.ObjectKind, e.Object)
	return err
}

func (r *recorder) consent(_ context.Context, _ *pg.Tx, person uuid.UUID, version int) error {
	if version != 1 {
		return fault.New(fault.Invalid, "another version")
	}
	r.agreed[person] = version
	return nil
}

func (r *recorder) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	r.sent = append(r.sent, n...)
	return nil
}

// world is two provinces with an employer each; Li and Wang work in one, Han in the other, and Zhou nowhere.
type world struct {
	*testing.T
	db                                   *pg.DB
	store                                *peopledb.Store
	rec                                  *recorder
	nation, province, elsewhere, factory uuid.UUID
	li, wang, han, zhou, officer         uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, db: pgtest.New(t), rec: &recorder{agreed: map[uuid.UUID]int{}}, nation: uuid.New(), province: uuid.New(), elsewhere: uuid.New(), factory: uuid.New(),
		li: uuid.New(), wang: uuid.New(), han: uuid.New(), zhou: uuid.New(), officer: uuid.New()}
	box, err := vault.Open(t.Context(), w.db, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	w.store = peopledb.New(w.db, peopledb.Options{Box: box, Hasher: box, Trail: w.rec.trail, Consent: w.rec.consent, Unite: w.rec.unite, Notifier: w.rec, Now: func() time.Time { return noon }})
	mine := uuid.New()
	w.exec(`INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'national', '人社部', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '省厅', $1, ARRAY[$2, $1::uuid], now()),
		($3, 'personnel_department', 'provincial', '外省', $1, ARRAY[$3, $1::uuid], now()),
		($4, 'employer', NULL, '工厂', $2, ARRAY[$4, $2, $1::uuid], now()),
		($5, 'employer', NULL, '矿山', $3, ARRAY[$5, $3, $1::uuid], now())`, w.nation, w.province, w.elsewhere, w.factory, mine)
	for i, id := range []uuid.UUID{w.li, w.wang, w.han, w.zhou, w.officer} {
		w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, $3)`, id, string([]rune("李王韩周官")[i]), noon.AddDate(-1, 0, 0))
		w.exec(`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, $2, 'x', now(), now())`, id, fmt.Sprintf("p%d@example.cn", i))
	}
	for id, org := range map[uuid.UUID]uuid.UUID{w.li: w.factory, w.wang: w.factory, w.han: mine} {
		w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), id, org, noon.AddDate(-1, 0, 0))
	}
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	if _, err := w.db.Pool().Exec(w.Context(), sql, args...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.Helper()
	if err := w.db.Pool().QueryRow(w.Context(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) enter(person uuid.UUID, number string) *uuid.UUID {
	w.Helper()
	out, err := w.store.Enter(w.Context(), person, people.Document{Kind: people.ResidentCard, Name: "李雷雷", Number: number}, "", 1)
	if err != nil {
		w.Fatal(err)
	}
	return out.Merge
}

func over(orgs ...uuid.UUID) identity.Scope { return identity.Scope{Below: orgs} }

func (w *world) accept(id uuid.UUID) error {
	return w.store.Decide(w.Context(), over(w.nation), people.Decision{Merge: id, By: w.officer, Accept: true, Reason: "同一人"})
}

func TestADocumentIsKeptSealedAndShownMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter(w.li, "110105 19491231 002x")
	held, merge, err := w.store.Mine(t.Context(), w.li)
	if err != nil || merge != nil || held.Number != "11010*********002X" || held.Name != "李*雷" {
		t.Fatalf("%+v, %+v, %v", held, merge, err)
	}
	var dump string
	if err := w.db.Pool().QueryRow(t.Context(), `SELECT string_agg(d::text || encode(d.sealed, 'escape'), ' ') FROM identity_documents d`).Scan(&dump); err != nil || strings.Contains(dump, "1949") || strings.Contains(dump, "雷") {
		t.Errorf("the table says %s, %v", dump, err)
	}
	full, err := w.store.Full(t.Context(), w.li)
	if err != nil || full.Number != number || full.Name != "李雷雷" {
		t.Errorf("%#v, %v", full, err)
	}
	if w.count(`SELECT count(*) FROM audit_events WHERE action = 'identity-document.reveal' AND actor_id = $1`, w.li) != 1 {
		t.Error("the look was not noted")
	}
	if _, err := w.store.Full(t.Context(), w.wang); fault.KindOf(err) != fault.NotFound {
		t.Errorf("without a document: %v", err)
	}
	if strings.Contains(fmt.Sprintf("%+v", w.rec.events), "1949") {
		t.Error("the trail holds the number")
	}
	// Sealed bytes moved to another person do not open there.
	w.exec(`INSERT INTO identity_documents SELECT $2, kind, sha256(number_hash), sealed, created_at, updated_at FROM identity_documents WHERE person_id = $1`, w.li, w.wang)
	if _, err := w.store.Full(t.Context(), w.wang); err == nil {
		t.Error("moved to another person it opens")
	}
}

func TestOfManyWhoEnterOneNumberAtOnceOneHasIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for _, person := range []uuid.UUID{w.li, w.wang, w.han, w.zhou} {
		all.Go(func() { w.enter(person, number) })
	}
	all.Wait()
	if n, m := w.count(`SELECT count(*) FROM identity_documents`), w.count(`SELECT count(*) FROM merge_requests WHERE state = 'open'`); n != 1 || m != 3 {
		t.Errorf("%d have it and %d ask, want 1 and 3", n, m)
	}
}

func TestANumberThatIsTakenTellsNobodyWhoseItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter(w.li, number)
	id := w.enter(w.wang, number)
	if id == nil {
		t.Fatal("there is no request")
	}
	held, merge, err := w.store.Mine(t.Context(), w.wang)
	if err != nil || held != nil || merge.State != people.MergeOpen {
		t.Errorf("%+v, %+v, %v", held, merge, err)
	}
	for _, e := range w.rec.events {
		if e.Actor == w.wang && strings.Contains(fmt.Sprintf("%+v", e), w.li.String()) {
			t.Errorf("the trail tells: %+v", e)
		}
	}
	if _, merge, _ := w.store.Mine(t.Context(), w.li); merge != nil {
		t.Error("whose number it is learns of the request")
	}
	if _, err := w.store.Enter(t.Context(), w.wang, people.Document{Kind: people.Passport, Name: "王", Number: "E12345678"}, "", 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("while a request waits: %v", err)
	}
	if err := w.store.Withdraw(t.Context(), w.wang); err != nil {
		t.Fatal(err)
	}
	if w.enter(w.wang, numberOf(t)) != nil {
		t.Error("after it was withdrawn another number asks again")
	}
	if err := w.store.Withdraw(t.Context(), w.wang); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nothing to withdraw: %v", err)
	}
}

// numberOf is another valid number.
func numberOf(t *testing.T) string {
	t.Helper()
	for c := range 11 {
		n := "44030519900307201" + string("0123456789X"[c])
		if _, err := (people.Document{Kind: people.ResidentCard, Name: "张三", Number: n}).Checked(noon); err == nil {
			return n
		}
	}
	t.Fatal("no check character fits")
	return ""
}

func TestNumbersAreNotTriedWithoutEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.enter(w.li, number)
	}
	_, err := w.store.Enter(t.Context(), w.li, people.Document{Kind: people.ResidentCard, Name: "李", Number: number}, "", 1)
	if f, _ := fault.Of(err); f == nil || f.Code != "identity-changed-often" {
		t.Errorf("the sixth: %v", err)
	}
	if _, err := w.store.Enter(t.Context(), w.wang, people.Document{Kind: people.ResidentCard, Name: "王", Number: number}, "", 7); fault.KindOf(err) != fault.Invalid || w.count(`SELECT count(*) FROM merge_requests`) != 0 {
		t.Errorf("without agreeing to the text: %v", err)
	}
}

func TestARequestIsSeenByTheDepartmentsOverBothRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter(w.li, number)
	ids := map[string]uuid.UUID{"of one factory": *w.enter(w.wang, number), "of two provinces": *w.enter(w.han, number), "of nowhere": *w.enter(w.zhou, number)}
	for name, seen := range map[string][3]bool{ // by the nation, Li's province, the other province
		"of one factory": {true, true, false}, "of two provinces": {true, false, false}, "of nowhere": {true, true, false},
	} {
		for i, org := range []uuid.UUID{w.nation, w.province, w.elsewhere} {
			_, err := w.store.Review(t.Context(), over(org), ids[name])
			if (err == nil) != seen[i] || (err != nil && fault.KindOf(err) != fault.NotFound) {
				t.Errorf("%s by department %d: %v", name, i, err)
			}
			if err := w.store.Decide(t.Context(), over(w.elsewhere), people.Decision{Merge: ids[name], By: w.officer, Accept: true, Reason: "x"}); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s is decided from elsewhere: %v", name, err)
			}
		}
	}
	for org, want := range map[uuid.UUID]int{w.nation: 3, w.province: 2, w.elsewhere: 0} {
		if items, _, err := w.store.Merges(t.Context(), over(org), people.MergeOpen, 10, nil); err != nil || len(items) != want {
			t.Errorf("%d are listed, want %d: %v", len(items), want, err)
		}
	}
	first, more, err := w.store.Merges(t.Context(), over(w.nation), people.MergeOpen, 2, nil)
	if err != nil || !more || len(first) != 2 {
		t.Fatal(first, more, err)
	}
	if rest, more, err := w.store.Merges(t.Context(), over(w.nation), people.MergeOpen, 2, &first[1].ID); err != nil || more || len(rest) != 1 {
		t.Error(rest, more, err)
	}
	if items, _, err := w.store.Merges(t.Context(), identity.Scope{}, people.MergeOpen, 10, nil); err != nil || len(items) != 0 {
		t.Errorf("nobody's officer sees %v, %v", items, err)
	}
}

func TestARefusalLeavesBothAsTheyAreAndTellsOnlyWhoAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter(w.li, number)
	id := *w.enter(w.wang, number)
	refuse := people.Decision{Merge: id, By: w.officer, Reason: "姓名不符"}
	for by, kind := range map[uuid.UUID]fault.Kind{w.li: fault.Forbidden, w.wang: fault.Forbidden} {
		if err := w.store.Decide(t.Context(), over(w.nation), people.Decision{Merge: id, By: by, Accept: true, Reason: "x"}); fault.KindOf(err) != kind {
			t.Errorf("decided about themselves: %v", err)
		}
	}
	if err := w.store.Decide(t.Context(), over(w.province), refuse); err != nil {
		t.Fatal(err)
	}
	if err := w.accept(id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("decided twice: %v", err)
	}
	if len(w.rec.sent) != 1 || w.rec.sent[0].Person != w.wang || w.rec.sent[0].Facts["reason"] != "姓名不符" {
		t.Errorf("told %+v", w.rec.sent)
	}
	if w.count(`SELECT count(*) FROM merge_requests WHERE sealed IS NOT NULL`)+w.count(`SELECT count(*) FROM people WHERE merged_into IS NOT NULL`) != 0 {
		t.Error("something is left")
	}
}

func TestAMergeKeepsEverythingAndEndsTheSecondAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	accounts := accountsOf(w)
	w.enter(w.li, number)
	id := *w.enter(w.wang, number)
	w.exec(`INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at) VALUES (sha256('a'), $1, $2, $2, $3), (sha256('b'), $4, $2, $2, $3)`, w.wang, noon, noon.AddDate(1, 0, 0), w.li)
	w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'employer_officer', $4)`, uuid.New(), w.wang, w.factory, noon)
	common, own := course(w), course(w)
	e1, e2, e3 := enrol(w, w.li, common), enrol(w, w.wang, common), enrol(w, w.wang, own)
	r, err := w.store.Review(t.Context(), over(w.province), id)
	if err != nil || !r.SameName || r.Joining.Document.Number != "11010*********002X" || r.Keeper.Document.Name != "李*雷" || len(r.Joining.Roles) != 2 || r.Joining.Open != 2 || r.Joining.Address != "p***@example.cn" {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := w.accept(id); err != nil {
		t.Fatal(err)
	}
	if len(w.rec.united) != 1 || w.rec.united[0] != [2]uuid.UUID{w.wang, w.li} {
		t.Errorf("put together elsewhere: %v", w.rec.united)
	}
	for enrolment, want := range map[uuid.UUID]uuid.UUID{e1: w.li, e2: w.wang, e3: w.li} {
		if w.count(`SELECT count(*) FROM enrolments WHERE id = $1 AND person_id = $2`, enrolment, want) != 1 {
			t.Error("an enrolment is not where it should be")
		}
	}
	if n := w.count(`SELECT count(*) FROM memberships WHERE person_id = $1 AND until IS NULL`, w.wang); n != 0 {
		t.Errorf("%d roles of the second account go on", n)
	}
	if n := w.count(`SELECT count(*) FROM memberships WHERE person_id = $1 AND until IS NULL AND role <> 'professional'`, w.li); n != 0 {
		t.Errorf("%d roles came with the merge", n)
	}
	if a, _ := accounts.byToken(t, "a"); a {
		t.Error("the second account is still signed in")
	}
	if a, _ := accounts.byToken(t, "b"); !a {
		t.Error("the first account was signed out")
	}
	if accounts.byEmail(t, "p1@example.cn") || !accounts.byEmail(t, "p0@example.cn") {
		t.Error("the wrong account can sign in")
	}
	if w.count(`SELECT cardinality(same_people($1))`, w.li) != 2 || w.count(`SELECT cardinality(same_people($1))`, w.wang) != 2 || w.count(`SELECT cardinality(same_people($1))`, w.han) != 1 {
		t.Error("the records are not one person's")
	}
	if len(w.rec.sent) != 2 || w.rec.sent[0].Person != w.li || w.rec.sent[1].Address != "p1@example.cn" {
		t.Errorf("told %+v", w.rec.sent)
	}
	if _, err := w.store.Enter(t.Context(), w.wang, people.Document{Kind: people.Passport, Name: "王", Number: "E12345678"}, "", 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a record that joined another enters a document: %v", err)
	}
}

func TestMergesLeadToTheRecordThatStaysInOneStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := numberOf(t)
	w.enter(w.li, number)
	w.enter(w.han, other)
	first := *w.enter(w.zhou, other) // Zhou joins Han
	if err := w.accept(first); err != nil {
		t.Fatal(err)
	}
	second := *w.enter(w.han, number) // and Han joins Li
	crossing := *w.enter(w.wang, other)
	if err := w.accept(second); err != nil {
		t.Fatal(err)
	}
	if n := w.count(`SELECT count(*) FROM people WHERE merged_into = $1`, w.li); n != 2 || w.count(`SELECT cardinality(same_people($1))`, w.zhou) != 3 {
		t.Errorf("%d records point at the one that stays, want 2", n)
	}
	// Han's number is Li's own now: it can be entered, and all of it is forgotten at once.
	w.enter(w.li, other)
	if n := w.count(`SELECT count(*) FROM identity_documents WHERE person_id = $1`, w.li); n != 1 || w.count(`SELECT count(*) FROM identity_documents`) != 1 {
		t.Errorf("%d documents are Li's", n)
	}
	if err := w.accept(crossing); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a record was merged into one that is gone: %v", err)
	}
	for name, pair := range map[string][2]uuid.UUID{"a ring": {w.li, w.zhou}, "a chain": {w.officer, w.zhou}, "a chain from behind": {w.li, w.officer}, "itself": {w.officer, w.officer}} {
		if _, err := w.db.Pool().Exec(t.Context(), `UPDATE people SET merged_into = $2 WHERE id = $1`, pair[0], pair[1]); err == nil {
			t.Errorf("%s is written", name)
		}
	}
}

func TestWhoNoLongerAgreesIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enter(w.li, number)
	w.enter(w.wang, number)
	w.enter(w.han, numberOf(t))
	w.exec(`UPDATE people SET merged_into = $1 WHERE id = $2`, w.li, w.han) // another record of Li's
	for _, person := range []uuid.UUID{w.li, w.wang, w.zhou} {
		if err := w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error { return w.store.Forget(ctx, tx, person) }); err != nil {
			t.Error(err)
		}
	}
	if w.count(`SELECT count(*) FROM identity_documents`)+w.count(`SELECT count(*) FROM merge_requests WHERE state = 'open' OR sealed IS NOT NULL`) != 0 {
		t.Error("something is left")
	}
}
