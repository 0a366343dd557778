package registrydb_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// world is a province with an employer and a school, and one person who learns.
type world struct {
	db                                 *pg.DB
	store                              *registrydb.Store
	nation, province, employer, school uuid.UUID
	person                             uuid.UUID
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), nation: uuid.New(), province: uuid.New(), employer: uuid.New(), school: uuid.New(), person: uuid.New()}
	w.store = registrydb.New(w.db, func() time.Time { return noon })
	w.exec(t, `INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'national', '人社部', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '省厅', $1, ARRAY[$2, $1::uuid], now()),
		($3, 'employer', NULL, '工厂', $2, ARRAY[$3, $2, $1::uuid], now()),
		($4, 'teaching_institution', NULL, '学院', $2, ARRAY[$4, $2, $1::uuid], now())`, w.nation, w.province, w.employer, w.school)
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now())`, w.person)
	w.exec(t, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), w.person, w.employer, noon.AddDate(-1, 0, 0))
	return w
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// completed is an enrolment in a course of its own; at nil: not complete yet.
func (w world) completed(t *testing.T, person uuid.UUID, subject string, hours float64, at *time.Time) uuid.UUID {
	t.Helper()
	course, version, enrolment := uuid.New(), uuid.New(), uuid.New()
	w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, $4)`, course, w.school, person, noon)
	w.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, hours, published_at, created_at, updated_at)
		VALUES ($1, $2, 1, 'published', $3, 'zh', '节水"灌溉"', $4, $5, $5, $5)`, version, course, subject, hours, noon)
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) VALUES ($1, $2, $3, $4, $5, $6)`, enrolment, person, course, version, noon.AddDate(-1, 0, 0), at)
	return enrolment
}

// registered registers a course of so many hours, completed at noon.
func (w world) registered(t *testing.T, subject string, hours float64) uuid.UUID {
	t.Helper()
	e := w.completed(t, w.person, subject, hours, &noon)
	if err := w.store.RegisterEnrolment(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	return e
}

func (w world) year(t *testing.T, year int) registry.Account {
	t.Helper()
	a, err := w.store.Year(t.Context(), w.person, year)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnEnrolmentIsRegisteredOnceHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.completed(t, w.person, "professional", 3.5, &noon)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.store.RegisterEnrolment(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	a := w.year(t, 2026)
	if len(a.Entries) != 1 || a.Total() != 350 || a.Entries[0].Index != 0 || a.Entries[0].SourceKey != "enrolment:"+e.String() {
		t.Fatalf("account %+v, want one entry of 3.5 hours", a)
	}
	certificates, more, err := w.store.Certificates(t.Context(), w.person, 10, nil)
	if err != nil || more || len(certificates) != 1 || certificates[0].Holder != "李雷" || certificates[0].Issuer.Zh != "学院" {
		t.Fatalf("certificates %+v, %v, %v", certificates, more, err)
	}
	got, err := w.store.Certificate(t.Context(), certificates[0].Serial)
	if err != nil || got.Entry.ID != a.Entries[0].ID || got.Entry.Provider == nil || got.Entry.Provider.ID != w.school {
		t.Errorf("by its serial: %+v, %v; the provider must be the school", got, err)
	}
}

func TestManyEnrolmentsAtOnceMakeOneLineWithoutGaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = 60
	var ids [many]uuid.UUID
	for i := range ids {
		ids[i] = w.completed(t, w.person, "professional", 1, &noon)
	}
	var all sync.WaitGroup
	for half := range 2 {
		all.Go(func() {
			for _, id := range ids[half*many/2 : (half+1)*many/2] {
				if err := w.store.RegisterEnrolment(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	w.verifyUntilThereAre(t, many)
	all.Wait()
	r, err := w.store.Verify(t.Context())
	if err != nil || r.Entries != many {
		t.Fatalf("verified %d entries: %v", r.Entries, err)
	}
	if root, err := w.store.Root(t.Context(), many); err != nil || root != r.Root {
		t.Errorf("the head %s is not the one that follows from the entries %s: %v", root, r.Root, err)
	}
}

// verifyUntilThereAre checks over and over while others append: whoever checks
// sees a whole ledger at every moment.
func (w world) verifyUntilThereAre(t *testing.T, entries int64) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		r, err := w.store.Verify(t.Context())
		if err != nil {
			t.Errorf("while others append: %v", err)
			return
		}
		if r.Entries == entries {
			return
		}
	}
	t.Errorf("there are never %d entries", entries)
}

func TestEveryEntryIsProvedInEveryLedgerThatHoldsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 7 {
		w.registered(t, "professional", 1)
	}
	for size := int64(1); size <= 7; size++ {
		root, err := w.store.Root(t.Context(), size)
		if err != nil {
			t.Fatal(err)
		}
		for index := range size {
			p, err := w.store.Prove(t.Context(), index, size)
			if err != nil || !p.Holds(root) {
				t.Errorf("entry %d in a ledger of %d: %v", index, size, err)
			}
			p.Leaf[0] ^= 1
			if p.Holds(root) {
				t.Errorf("entry %d in a ledger of %d: another leaf is proved too", index, size)
			}
		}
	}
	for _, tc := range []struct {
		name        string
		index, size int64
		want        fault.Kind
	}{
		{"a size beyond the ledger is invalid", 0, 8, fault.Invalid},
		{"an entry beyond the size is not found", 3, 3, fault.NotFound},
		{"an entry beyond the ledger is not found", 7, 0, fault.NotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := w.store.Prove(t.Context(), tc.index, tc.size); fault.KindOf(err) != tc.want {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestWhatCannotBeRegistered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.store.RegisterEnrolment(t.Context(), uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown enrolment: %v", err)
	}
	if err := w.store.RegisterEnrolment(t.Context(), w.completed(t, w.person, "public", 2, nil)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an enrolment under way: %v", err)
	}
	if n, err := w.store.Size(t.Context()); n != 0 || err != nil {
		t.Errorf("the ledger has %d entries, %v", n, err)
	}
}

func TestTheDatabaseRefusesToRewriteTheRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registered(t, "professional", 2)
	for _, sql := range []string{
		`UPDATE ledger_entries SET hours = 200`, `DELETE FROM ledger_entries`, `TRUNCATE ledger_entries CASCADE`,
		`UPDATE ledger_hashes SET hash = decode(repeat('00', 32), 'hex')`, `DELETE FROM ledger_hashes`, `TRUNCATE ledger_hashes`,
		`UPDATE certificates SET holder_name = '韩梅梅'`, `DELETE FROM certificates`, `TRUNCATE certificates`,
	} {
		_, err := w.db.Pool().Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "23001" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if _, err := w.store.Verify(t.Context()); err != nil {
		t.Errorf("the register is no longer whole: %v", err)
	}
}

func TestACheckFindsWhatWasRewrittenBehindTheTriggers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, sql, says string }{
		{"hours of a row", `UPDATE ledger_entries SET hours = 200 WHERE index = 1`, "entry 1 does not say"},
		{"one bit of a record", `UPDATE ledger_entries SET record = set_byte(record, 30, get_byte(record, 30) # 1) WHERE index = 2`, "entry 2 does not say"},
		{"one bit of a hash", `UPDATE ledger_hashes SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1) WHERE position = 2`, "hash 2 of the tree"},
		{"a row and its record alike", `UPDATE ledger_entries SET title_zh = '甲', title_en = '甲', record = convert_to(regexp_replace(regexp_replace(convert_from(record, 'UTF8'), 'title_zh: [^\n]*', 'title_zh: "甲"'), 'title_en: [^\n]*', 'title_en: "甲"'), 'UTF8') WHERE index = 1`, "of the tree does not follow"},
		{"an entry that is gone", `DELETE FROM certificates WHERE ledger_index = 1; DELETE FROM ledger_entries WHERE index = 1`, "entry 1 is missing"},
		{"the last entry cut off", `DELETE FROM certificates WHERE ledger_index = 3; DELETE FROM ledger_entries WHERE index = 3`, "of the tree does not follow"},
		{"the last hash cut off", `DELETE FROM ledger_hashes WHERE position = 6`, "has 6 hashes and should have 7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for range 4 {
				w.registered(t, "professional", 2)
			}
			w.behindTheTriggers(t, tc.sql)
			if _, err := w.store.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("found %v, want %q", err, tc.says)
			}
		})
	}
}

// behindTheTriggers is what only a superuser can do.
func (w world) behindTheTriggers(t *testing.T, sql string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), w.db.Pool(), func(tx pgx.Tx) error {
		_, err := tx.Conn().PgConn().Exec(t.Context(), `SET LOCAL session_replication_role = replica; `+sql).ReadAll()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPublicHoursCountUpToAThirdOfTheDuty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registered(t, "public", 20)
	w.registered(t, "public", 10)
	w.registered(t, "professional", 47.75)
	a := w.year(t, 0)
	if a.Year != 2026 || a.Recorded.Public != 3000 || a.Counted.Public != 2400 || a.Missing() != 25 || a.Met() {
		t.Errorf("account %+v", a)
	}
	w.registered(t, "professional", 0.25)
	if a := w.year(t, 2026); !a.Met() || a.Total() != 7200 {
		t.Errorf("the duty is met exactly: %+v", a)
	}
	if other := w.year(t, 2025); len(other.Entries) != 0 || other.Missing() != 7200 {
		t.Errorf("another year: %+v", other)
	}
	if years, err := w.store.Years(t.Context(), w.person); err != nil || len(years) != 1 || years[0] != 2026 {
		t.Errorf("years %v, %v", years, err)
	}
}

// policy adds a rule; a nil jurisdiction holds everywhere.
func (w world) policy(t *testing.T, jurisdiction *uuid.UUID, from int, to *int, required float64) {
	t.Helper()
	w.exec(t, `INSERT INTO hour_policies (id, jurisdiction_id, year_from, year_to, required_hours, public_numerator, public_denominator, title_zh, title_en, created_at)
		VALUES ($1, $2, $3, $4, $5, 1, 3, '规定', 'Rule', now())`, uuid.New(), jurisdiction, from, to, required)
}

func TestTheNearestPolicyOfTheYearHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	until := 2024
	elsewhere := uuid.New()
	w.exec(t, `INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES ($1, 'personnel_department', 'provincial', '外省', $2, ARRAY[$1, $2::uuid], now())`, elsewhere, w.nation)
	w.policy(t, &w.nation, 2020, nil, 80)
	w.policy(t, &w.province, 2022, &until, 84)
	w.policy(t, &w.province, 2026, nil, 90)
	w.policy(t, &elsewhere, 2000, nil, 120)
	for year, want := range map[int]registry.Hours{2019: 7200, 2021: 8000, 2023: 8400, 2025: 8000, 2026: 9000, 2030: 9000} {
		if a := w.year(t, year); a.Policy.Required != want {
			t.Errorf("in %d %s hours are required, want %s", year, a.Policy.Required, want)
		}
	}
	if a := w.year(t, 2026); a.Policy.Jurisdiction == nil || a.Policy.Jurisdiction.ID != w.province || a.Policy.PublicCap() != 3000 {
		t.Errorf("policy %+v, want the province's", a.Policy)
	}
	w.exec(t, `UPDATE memberships SET until = now() WHERE person_id = $1`, w.person)
	if a := w.year(t, 2026); a.Policy.Required != 7200 || a.Policy.Jurisdiction != nil {
		t.Errorf("without an employer %+v, want the founding policy", a.Policy)
	}
}

func TestAYearTurnsWhereThePersonWorks(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]int{"Asia/Shanghai": 2026, "Asia/Urumqi": 2025, "America/New_York": 2025} {
		t.Run(strings.ReplaceAll(zone, "/", " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.exec(t, `UPDATE organisations SET time_zone = $2 WHERE id = $1`, w.employer, zone)
			newYear := time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC)
			if err := w.store.RegisterEnrolment(t.Context(), w.completed(t, w.person, "public", 2, &newYear)); err != nil {
				t.Fatal(err)
			}
			if a := w.year(t, want); len(a.Entries) != 1 {
				t.Errorf("the hours are not in %d", want)
			}
		})
	}
}

func TestCertificatesPageWithoutLossAndStayTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := uuid.New()
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '韩梅梅', now())`, stranger)
	for range 5 {
		w.registered(t, "professional", 1)
	}
	if err := w.store.RegisterEnrolment(t.Context(), w.completed(t, stranger, "professional", 1, &noon)); err != nil {
		t.Fatal(err)
	}
	var seen []string
	var before *int64
	for more := true; more; {
		var page []registry.Certificate
		var err error
		if page, more, err = w.store.Certificates(t.Context(), w.person, 2, before); err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			seen = append(seen, fmt.Sprint(c.Entry.Index))
		}
		before = &page[len(page)-1].Entry.Index
	}
	if got := strings.Join(seen, " "); got != "4 3 2 1 0" {
		t.Errorf("pages hold %s, want 4 3 2 1 0", got)
	}
	if _, err := w.store.Certificate(t.Context(), "HG-2026-0000-0000-0"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown serial: %v", err)
	}
}

func TestACertificateKeepsTheNameOfItsDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registered(t, "professional", 1)
	w.exec(t, `UPDATE people SET name = '李磊' WHERE id = $1`, w.person)
	list, _, err := w.store.Certificates(t.Context(), w.person, 1, nil)
	if err != nil || len(list) != 1 || list[0].Holder != "李雷" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestACorrectionTakesHoursBackAndItsCertificateSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registered(t, "public", 20)
	w.registered(t, "public", 10)
	w.exec(t, `INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, corrects, reason, author_id, earned_at, recorded_at, record)
		VALUES (2, $1, 'correction', $2, 2026, 'public', -20, 'correction:0', '更正', 'Correction', 0, '代学', $3, $4, $4, '')`, uuid.New(), w.person, w.person, noon)
	a := w.year(t, 2026)
	if len(a.Entries) != 3 || a.Entries[0].Index != 2 || a.Recorded.Public != 1000 || a.Counted.Public != 1000 || a.Entries[2].Counts != 0 || a.Entries[1].Counts != 1000 {
		t.Errorf("account %+v", a)
	}
	list, _, err := w.store.Certificates(t.Context(), w.person, 10, nil)
	if err != nil || len(list) != 2 || list[0].CorrectedBy != "" || list[1].CorrectedBy != "代学" {
		t.Errorf("certificates %+v, %v", list, err)
	}
	if _, err := w.db.Pool().Exec(t.Context(), `INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, earned_at, recorded_at, record)
		VALUES (3, $1, 'registered', $2, 2026, 'public', -1, 'x', '', '', $3, $3, '')`, uuid.New(), w.person, noon); err == nil {
		t.Error("hours are taken without a correction")
	}
}
