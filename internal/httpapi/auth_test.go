package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

const cookie = "hourglass_session"

// door is the edge with real accounts behind it.
type door struct {
	*httptestkit.Kit
	db *pg.DB
}

func newDoor(t *testing.T, publicURL string, throttle identity.Throttle) door {
	t.Helper()
	d := door{db: pgtest.New(t)}
	accounts := identity.NewAccounts(identity.Options{
		Store: identitydb.New(d.db), Cost: identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1},
		Throttle: throttle, Limits: identity.Limits{SignInPair: identity.Limit{Burst: 2, Every: time.Hour}},
	})
	d.Kit = httptestkit.With(t, httpapi.Options{Services: httpapi.Services{Accounts: accounts}, PublicURL: publicURL})
	return d
}

const (
	newLi  = `{"email":"Li.Lei@Example.CN","password":"correct horse cart","name":" 李雷 "}`
	li     = `{"email":"li.lei@example.cn","password":"correct horse cart"}`
	wrong  = `{"email":"li.lei@example.cn","password":"correct horse carT"}`
	nobody = `{"email":"han@example.cn","password":"correct horse cart"}`
)

// holder is a client with the cookie the answer set.
func (d door) holder(t *testing.T, a *httptestkit.Answer) *httptestkit.Client {
	t.Helper()
	c := a.SetCookie(cookie)
	if c == nil {
		t.Fatalf("no cookie was set: %s", a.Body)
	}
	client := d.Anonymous()
	client.Cookie = c.Name + "=" + c.Value
	return client
}

func (d door) signUp(t *testing.T) *httptestkit.Client {
	t.Helper()
	return d.holder(t, d.Anonymous().Post("/auth/sign-up", newLi).OK(201))
}

func TestSigningUpAnswersThePersonAndSignsIn(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	a := d.Anonymous().Post("/auth/sign-up", newLi).OK(201)
	var me, again httpapi.Me
	a.Into(&me)
	if me.Name != "李雷" || me.Email != "Li.Lei@Example.CN" || me.Locale != "zh-CN" || me.Roles == nil || len(me.Roles) != 0 {
		t.Errorf("signed up as %+v: %s", me, a.Body)
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the answer may be kept: %q", a.Header.Get("Cache-Control"))
	}
	d.holder(t, a).Get("/me").OK(200).Into(&again)
	if again.ID != me.ID || me.ID == uuid.Nil {
		t.Errorf("%s became %s", me.ID, again.ID)
	}
	if strings.Contains(string(a.Body), a.SetCookie(cookie).Value) {
		t.Error("the token stands in the answer's body, where scripts can read it")
	}
}

func TestTheCookieIsForTheBrowserAloneAndSecureOnHTTPS(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, publicURL string
		secure          bool
	}{
		{"without an address", "", false},
		{"on plain HTTP", "http://learn.example.cn", false},
		{"on HTTPS", "https://learn.example.cn", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, tc.publicURL, nil)
			up := d.Anonymous().Post("/auth/sign-up", newLi).OK(201)
			in := d.Anonymous().Post("/auth/sign-in", li).OK(200)
			out := d.holder(t, in).Post("/auth/sign-out", nil).OK(204)
			for _, a := range []*httptestkit.Answer{up, in, out} {
				c := a.SetCookie(cookie)
				if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != tc.secure || c.Path != "/" || c.Domain != "" {
					t.Errorf("the cookie is %+v", c)
				}
			}
			if c := in.SetCookie(cookie); c.MaxAge < 30*24*3600 || len(c.Value) != 43 || c.Value == up.SetCookie(cookie).Value {
				t.Errorf("signed in with %+v", c)
			}
			if c := out.SetCookie(cookie); c.MaxAge >= 0 || c.Value != "" {
				t.Errorf("signed out with %+v", c)
			}
		})
	}
}

func TestACookieFromBeforeIsNeverTakenOver(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	d.signUp(t)
	planted := d.Anonymous()
	planted.Cookie = cookie + "=" + strings.Repeat("A", 43)
	c := planted.Post("/auth/sign-in", li).OK(200).SetCookie(cookie)
	if c == nil || strings.Contains(planted.Cookie, c.Value) {
		t.Errorf("signed in with %+v", c)
	}
	planted.Get("/me").Problem(401, "unauthenticated")
}

func TestAnUnknownAddressAndAWrongPasswordAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	d.signUp(t)
	var seen []string
	for _, body := range []string{wrong, nobody, `{"email":"\u0000","password":"x"}`, `{"email":"李","password":"x"}`} {
		a := d.Anonymous().Post("/auth/sign-in", body)
		p := a.Problem(401, "wrong-credentials")
		if a.SetCookie(cookie) != nil {
			t.Errorf("%s sets a cookie", body)
		}
		p.Instance = ""
		seen = append(seen, fmt.Sprintf("%+v", p))
	}
	for _, s := range seen {
		if s != seen[0] {
			t.Errorf("%s tells apart from %s", s, seen[0])
		}
	}
}

func TestATakenAddressIsAConflictThatNamesTheField(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	d.signUp(t)
	a := d.Anonymous().Post("/auth/sign-up", strings.Replace(newLi, "Li.Lei@Example", "LI.LEI@EXAMPLE", 1))
	p := a.Problem(409, "email-taken")
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.email" || a.SetCookie(cookie) != nil {
		t.Errorf("answered %s", a.Body)
	}
}

func TestTooManyTriesSayWhenToComeBack(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", identityredis.New(redistest.New(t)))
	d.signUp(t)
	for range 2 {
		d.Anonymous().Post("/auth/sign-in", wrong).Problem(401, "wrong-credentials")
	}
	a := d.Anonymous().Post("/auth/sign-in", li)
	a.Problem(429, "too-many-requests")
	var seconds int
	if _, err := fmt.Sscan(a.Header.Get("Retry-After"), &seconds); err != nil || seconds < 3500 || seconds > 3600 {
		t.Errorf("come back in %q seconds", a.Header.Get("Retry-After"))
	}
}

func TestSigningOutEndsTheTokenAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	first := d.signUp(t)
	second := d.holder(t, d.Anonymous().Post("/auth/sign-in", li).OK(200))
	first.Post("/auth/sign-out", nil).OK(204)
	first.Get("/me").Problem(401, "unauthenticated")
	first.Post("/auth/sign-out", nil).OK(204)
	d.Anonymous().Post("/auth/sign-out", nil).OK(204)
	second.Get("/me").OK(200)
}

// desk notes which study sessions a sign-out closes.
type desk struct {
	httpapi.Study
	closed []uuid.UUID
	fails  error
}

func (d *desk) CloseSignIn(_ context.Context, person uuid.UUID, _ []byte) error {
	d.closed = append(d.closed, person)
	return d.fails
}

func TestSigningOutClosesStudyFirst(t *testing.T) {
	t.Parallel()
	accounts := identity.NewAccounts(identity.Options{Store: identitydb.New(pgtest.New(t)), Cost: identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	study := &desk{fails: context.DeadlineExceeded}
	d := door{Kit: httptestkit.New(t, httpapi.Services{Accounts: accounts, Study: study})}
	c := d.signUp(t)
	var me httpapi.Me
	c.Get("/me").OK(200).Into(&me)
	c.Post("/auth/sign-out", nil).Problem(503, "unavailable")
	c.Get("/me").OK(200) // so that it can be tried again
	study.fails = nil
	c.Post("/auth/sign-out", nil).OK(204)
	c.Post("/auth/sign-out", nil).OK(204)
	// Once in vain, then before the sign-in ended and after.
	if len(study.closed) != 3 || study.closed[2] != me.ID {
		t.Errorf("closed %v", study.closed)
	}
}

func TestAPersonChangesTheirOwnNameAndLanguage(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	me := d.signUp(t)
	var got httpapi.Me
	me.Patch("/me", `{"name":" Lei Li ","locale":"en"}`).OK(200).Into(&got)
	if got.Name != "Lei Li" || got.Locale != "en" || got.Email != "Li.Lei@Example.CN" {
		t.Errorf("changed to %+v", got)
	}
	me.Patch("/me", `{}`).OK(200).Into(&got)
	if got.Name != "Lei Li" || got.Locale != "en" {
		t.Errorf("an empty change made it %+v", got)
	}
	d.Anonymous().Patch("/me", `{"name":"x"}`).Problem(401, "unauthenticated")
}

func TestMyRolesNameTheirOrganisations(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	me := d.signUp(t)
	for _, sql := range []string{
		`INSERT INTO organisations (id, kind, level, name_zh, name_en, lineage, created_at) VALUES ('00000000-0000-7000-8000-000000000001', 'personnel_department', 'provincial', '省厅', 'Province', ARRAY['00000000-0000-7000-8000-000000000001'::uuid], now())`,
		`INSERT INTO memberships (id, person_id, org_id, role, since) SELECT gen_random_uuid(), id, '00000000-0000-7000-8000-000000000001', 'department_officer', now() - interval '1 hour' FROM people`,
	} {
		if _, err := d.db.Pool().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var got httpapi.Me
	me.Get("/me").OK(200).Into(&got)
	if len(got.Roles) != 1 || got.Roles[0].Role != "department_officer" || got.Roles[0].Org.Name.Zh != "省厅" || got.Roles[0].Org.Name.En != "Province" {
		t.Errorf("the roles are %+v", got.Roles)
	}
}
