package identitydb_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is a person with an account, signed in at noon for a month.
type world struct {
	db     *pg.DB
	store  *identitydb.Store
	person uuid.UUID
	token  identity.TokenHash
}

const month = 30 * 24 * time.Hour

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), token: identity.TokenHash{7}}
	w.store = identitydb.New(w.db)
	w.person = w.opens(t, "Li@example.cn")
	w.signsIn(t, w.token, noon)
	return w
}

func (w world) opens(t *testing.T, email string) uuid.UUID {
	t.Helper()
	a := account(email)
	if err := w.store.CreateAccount(t.Context(), a, identity.Note{}); err != nil {
		t.Fatal(err)
	}
	return a.PersonID
}

func (w world) signsIn(t *testing.T, token identity.TokenHash, at time.Time) {
	t.Helper()
	in := identity.SignInRecord{Hash: token, PersonID: w.person, CreatedAt: at, ExpiresAt: at.Add(month), Client: identity.Client{Address: "192.0.2.7", UserAgent: "Firefox"}}
	if err := w.store.CreateSignIn(t.Context(), in, identity.Note{}); err != nil {
		t.Fatal(err)
	}
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w world) count(t *testing.T, table string) (n int) {
	t.Helper()
	if err := w.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// organisation plants one; level "" is none.
func (w world) organisation(t *testing.T, kind, level, zh, en string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	w.exec(t, `INSERT INTO organisations (id, kind, level, name_zh, name_en, lineage, created_at) VALUES ($1, $2, nullif($3, ''), $4, $5, ARRAY[$1::uuid], now())`, id, kind, level, zh, en)
	return id
}

func (w world) holds(t *testing.T, place uuid.UUID, role identity.Role, since time.Time, until *time.Time) {
	t.Helper()
	w.exec(t, `INSERT INTO memberships (id, person_id, org_id, role, since, until) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)`, w.person, place, role, since, until)
}

func (w world) actor(t *testing.T, at time.Time) (*identity.Actor, time.Time) {
	t.Helper()
	a, seen, err := w.store.ActorByToken(t.Context(), w.token, at)
	if err != nil {
		t.Fatal(err)
	}
	return a, seen
}

func TestARoleHoldsFromItsSinceUntilItsUntil(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	city := w.organisation(t, "personnel_department", "municipal", "市局", "City")
	school := w.organisation(t, "teaching_institution", "", "学院", "School")
	begin, end := noon.Add(time.Hour), noon.Add(2*time.Hour)
	w.holds(t, school, identity.Instructor, noon.Add(-time.Hour), nil)
	w.holds(t, city, identity.DepartmentOfficer, begin, &end)
	teaches := identity.Membership{OrgID: school, OrgKind: "teaching_institution", Role: identity.Instructor}
	serves := identity.Membership{OrgID: city, OrgKind: "personnel_department", Role: identity.DepartmentOfficer}
	for _, tc := range []struct {
		name string
		at   time.Time
		want []identity.Membership
	}{
		{"not before it begins", begin.Add(-time.Microsecond), []identity.Membership{teaches}},
		{"from the moment it begins", begin, []identity.Membership{teaches, serves}},
		{"to the last moment before its end", end.Add(-time.Microsecond), []identity.Membership{teaches, serves}},
		{"not in the moment it ends", end, []identity.Membership{teaches}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, _ := w.actor(t, tc.at)
			if a == nil || !reflect.DeepEqual(a.Memberships, tc.want) {
				t.Errorf("the actor is %+v", a)
			}
			p, err := w.store.Profile(t.Context(), w.person, tc.at)
			if err != nil || len(p.Roles) != len(tc.want) {
				t.Errorf("the profile is %+v, %v", p, err)
			}
		})
	}
	p, _ := w.store.Profile(t.Context(), w.person, begin)
	want := identity.Profile{PersonID: w.person, Name: "李雷", Email: "Li@example.cn", Locale: "zh-CN", Roles: []identity.HeldRole{
		{Role: identity.Instructor, Org: org.Ref{ID: school, Kind: org.TeachingInstitution, NameZh: "学院", NameEn: "School"}},
		{Role: identity.DepartmentOfficer, Org: org.Ref{ID: city, Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", NameEn: "City"}},
	}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("the profile is %+v, want %+v", p, want)
	}
}

func TestAPersonWithoutRolesIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, seen := w.actor(t, noon)
	if want := (&identity.Actor{PersonID: w.person, Name: "李雷", Locale: "zh-CN", SignIn: a.SignIn, ProvedAt: a.ProvedAt}); a.SignIn == uuid.Nil || !a.ProvedAt.Equal(noon) || !reflect.DeepEqual(a, want) || !seen.Equal(noon) {
		t.Errorf("the actor is %+v, seen %s", a, seen)
	}
	if _, err := w.store.Profile(t.Context(), uuid.New(), noon); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody's profile: %v", err)
	}
	if _, err := w.store.AccountByEmail(t.Context(), "Li@example.cn"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an address that is not folded: %v", err)
	}
	kept, err := w.store.AccountByEmail(t.Context(), "li@example.cn")
	if err != nil || kept.PersonID != w.person || kept.Email != "Li@example.cn" || kept.PasswordHash != "x" || !kept.CreatedAt.Equal(noon) {
		t.Errorf("the account is %+v, %v", kept, err)
	}
}

func TestAPersonWithoutAnAccountHasAProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `DELETE FROM accounts`)
	if p, err := w.store.Profile(t.Context(), w.person, noon); err != nil || p.Name != "李雷" || p.Email != "" {
		t.Errorf("the profile is %+v, %v", p, err)
	}
}

func TestATouchMovesTheEndOnlyForwardsAndOnlyOfWhatHolds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		revoked bool
		seen    time.Duration
		want    time.Duration // seen after it, since noon
	}{
		{"a minute later it is noted", false, time.Minute, time.Minute},
		{"within the minute it is not", false, time.Minute - time.Microsecond, 0},
		{"a clock that is behind does not shorten it", false, -time.Hour, 0},
		{"what was revoked stays as it is", true, time.Hour, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tc.revoked {
				if err := w.store.Revoke(t.Context(), w.token, noon); err != nil {
					t.Fatal(err)
				}
			}
			at := noon.Add(tc.seen)
			if err := w.store.Touch(t.Context(), w.token, nil, at, at.Add(month), 3*month); err != nil {
				t.Fatal(err)
			}
			var seen, expires time.Time
			if err := w.db.Pool().QueryRow(t.Context(), `SELECT seen_at, expires_at FROM sign_ins`).Scan(&seen, &expires); err != nil {
				t.Fatal(err)
			}
			if !seen.Equal(noon.Add(tc.want)) || !expires.Equal(seen.Add(month)) {
				t.Errorf("seen %s, expires %s", seen, expires)
			}
		})
	}
}

func TestAHashIsReplacedOnlyWhereTheOldOneStillStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.opens(t, "han@example.cn")
	for _, tc := range []struct{ name, old, stronger, want string }{
		{"the old one", "x", "y", "y"},
		{"what was changed meanwhile", "x", "z", "y"},
	} {
		if err := w.store.Rehash(t.Context(), w.person, tc.old, tc.stronger, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if a, err := w.store.AccountByEmail(t.Context(), "li@example.cn"); err != nil || a.PasswordHash != tc.want {
			t.Errorf("%s: %q, %v", tc.name, a.PasswordHash, err)
		}
	}
	if a, err := w.store.AccountByEmail(t.Context(), "han@example.cn"); err != nil || a.PersonID != other || a.PasswordHash != "x" {
		t.Errorf("somebody else's: %+v, %v", a, err)
	}
}

func TestSweepingTakesWhatEndedLongAgoAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `DELETE FROM sign_ins`)
	const day = 24 * time.Hour
	begun := map[string]time.Duration{"in use": -day, "expired yesterday": -31 * day, "expired 31 days ago": -61 * day, "revoked 31 days ago": -32 * day, "revoked yesterday": -2 * day}
	n := byte(0)
	for name, since := range begun {
		n++
		w.signsIn(t, identity.TokenHash{n}, noon.Add(since))
		w.exec(t, `UPDATE sign_ins SET user_agent = $2 WHERE token_hash = $1`, append([]byte{n}, make([]byte, 31)...), name)
		if name == "revoked 31 days ago" || name == "revoked yesterday" {
			if err := w.store.Revoke(t.Context(), identity.TokenHash{n}, noon.Add(since+day)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, age := range []time.Duration{0, day - time.Second, day + time.Second} {
		k := identity.IdempotencyKey{Person: w.person, Key: fmt.Sprint(i), Operation: "enrol"}
		if _, err := w.store.Begin(t.Context(), k, [32]byte{}, noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.store.Sweep(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	rows, err := w.db.Pool().Query(t.Context(), `SELECT user_agent FROM sign_ins`)
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		left[name] = true
	}
	if want := map[string]bool{"in use": true, "expired yesterday": true, "revoked yesterday": true}; !reflect.DeepEqual(left, want) || rows.Err() != nil {
		t.Errorf("left are %v, %v", left, rows.Err())
	}
	if keys := w.count(t, "idempotency_keys"); keys != 2 {
		t.Errorf("%d keys are left", keys)
	}
}
