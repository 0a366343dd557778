package oidc_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient/providertest"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// glass is a vault.Box that hides enough for a test and minds the purpose.
type glass struct{}

func (glass) Seal(_ context.Context, purpose string, plain []byte) ([]byte, error) {
	return []byte(purpose + "|" + strings.ToUpper(string(plain))), nil
}

func (glass) Open(_ context.Context, purpose string, sealed []byte) ([]byte, error) {
	text, ok := strings.CutPrefix(string(sealed), purpose+"|")
	if !ok {
		return nil, fault.New(fault.Internal, "sealed for something else")
	}
	return []byte(strings.ToLower(text)), nil
}

// world is a mill below a department, with a real database and a real provider.
type world struct {
	t            *testing.T
	db           *pg.DB
	accounts     *identity.Accounts
	service      *oidc.Service
	provider     *providertest.Provider
	city, mill   uuid.UUID
	manager      *identity.Actor
	officer      *identity.Actor
	clock        time.Time
	someoneElses uuid.UUID
}

const callback = "http://127.0.0.1:1/{id}/callback"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), city: uuid.New(), mill: uuid.New(), someoneElses: uuid.New(), clock: time.Now()}
	w.exec(`INSERT INTO organisations (id, kind, level, name_zh, lineage, created_at) VALUES ($1, 'personnel_department', 'municipal', '市局', ARRAY[$1::uuid], now())`, w.city)
	for _, id := range []uuid.UUID{w.mill, w.someoneElses} {
		w.exec(`INSERT INTO organisations (id, kind, name_zh, parent_id, lineage, created_at) VALUES ($1::uuid, 'employer', '第' || $1::uuid || '棉纺厂', $2, ARRAY[$1::uuid, $2], now())`, id, w.city)
	}
	w.provider = providertest.Start(t, strings.ReplaceAll(callback, "{id}", w.mill.String()))
	now := func() time.Time { return w.clock }
	w.accounts = identity.NewAccounts(identity.Options{Store: identitydb.New(w.db), Cost: identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1}, Now: now})
	orgs := orgdb.With(w.db, orgdb.Options{Now: now, Trail: auditdb.Append})
	join := func(ctx context.Context, tx *pg.Tx, by, person, orgID uuid.UUID, role org.Role) error {
		_, err := orgs.AddMembershipIn(ctx, tx, by, person, orgID, role)
		return err
	}
	w.service = oidc.New(oidc.Options{
		Store: identitydb.NewProviders(w.db, auditdb.Append, join), Provider: oidcclient.New(oidcclient.Options{Networks: providertest.Networks}), Box: glass{},
		Enter: w.accounts.Enter, Leave: w.accounts.Leave, Callback: callback, Now: now, PlainLoopback: true,
	})
	w.manager = w.person("manager@mill.example", w.mill, identity.EmployerOfficer)
	w.officer = w.person("officer@city.example", w.city, identity.DepartmentOfficer)
	w.set(oidc.Change{Enabled: true, Issuer: w.provider.Issuer, ClientID: providertest.ClientID, Secret: new(strings.ToLower(providertest.Secret))})
	if _, err := w.service.Confirm(t.Context(), w.officer, w.mill, []string{" Mill.Example "}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) one(sql string, args ...any) (text string) {
	w.t.Helper()
	if err := w.db.Pool().QueryRow(w.t.Context(), sql, args...).Scan(&text); err != nil {
		w.t.Fatal(err)
	}
	return text
}

// person opens an account whose address is proved; with a role, if a place is given.
func (w *world) person(email string, place uuid.UUID, role identity.Role) *identity.Actor {
	w.t.Helper()
	p, err := w.accounts.Open(w.t.Context(), identity.NewAccount{Email: email, Password: "correct horse battery", Name: "李雷"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`UPDATE accounts SET email_verified_at = now() WHERE person_id = $1`, p.PersonID)
	a := &identity.Actor{PersonID: p.PersonID}
	if place != uuid.Nil {
		w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES (gen_random_uuid(), $1, $2, $3, now() - interval '1 day')`, p.PersonID, place, role)
		a.Memberships = []identity.Membership{{OrgID: place, Role: role}}
	}
	return a
}

func (w *world) set(c oidc.Change) {
	w.t.Helper()
	set, _, err := w.service.Settings(w.t.Context(), w.manager, w.mill)
	if err == nil {
		_, err = w.service.Save(w.t.Context(), w.manager, w.mill, set.Revision, c)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// goes begins and visits the provider: what the browser would bring back.
func (w *world) goes(person uuid.UUID) oidc.Return {
	w.t.Helper()
	var asking *identity.Actor
	if person != uuid.Nil {
		asking = &identity.Actor{PersonID: person, SignIn: uuid.New(), ProvedAt: w.clock}
	}
	b, err := w.service.Begin(w.t.Context(), w.mill, "/learning", asking, identity.Client{})
	if err != nil {
		w.t.Fatal(err)
	}
	q := w.provider.Visit(b.URL)
	return oidc.Return{Org: w.mill, State: q.Get("state"), Browser: b.Browser, Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error")}
}

func (w *world) comesBack(r oidc.Return) (oidc.Finished, error) {
	return w.service.Finish(w.t.Context(), r, uuid.Nil, identity.Client{Address: "192.0.2.7"})
}

func code(err error) string {
	if e, ok := fault.Of(err); ok {
		return e.Code
	}
	return ""
}

func (w *world) refused(what string, r oidc.Return, want string) {
	w.t.Helper()
	if out, err := w.comesBack(r); code(err) != want || out.SignedIn.Token != "" {
		w.t.Errorf("%s: %+v %v", what, out, err)
	}
}

func TestSomebodyNewBecomesAMemberAndStaysWhoTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Email: "Li@Mill.example", Verified: true, Name: "李雷"})
	first, err := w.comesBack(w.goes(uuid.Nil))
	if err != nil || first.Back != "/learning" || first.SignedIn.Profile.Name != "李雷" {
		t.Fatalf("%+v %v", first, err)
	}
	if roles := first.SignedIn.Profile.Roles; len(roles) != 1 || roles[0].Role != identity.Professional || roles[0].Org.ID != w.mill {
		t.Errorf("roles %+v", roles)
	}
	if actor, err := w.accounts.Authenticate(t.Context(), first.SignedIn.Token); err != nil || actor == nil {
		t.Errorf("the token signs nobody in: %v", err)
	}
	// No password fits the account: it has none.
	if _, err := w.accounts.SignIn(t.Context(), "li@mill.example", "", identity.Client{}); code(err) != "wrong-credentials" {
		t.Error(err)
	}
	w.provider.Rotate()
	w.provider.Become(providertest.Person{Subject: "17", Email: "li.new@mill.example", Verified: true})
	again, err := w.comesBack(w.goes(uuid.Nil))
	if err != nil || again.SignedIn.Profile.PersonID != first.SignedIn.Profile.PersonID || len(again.SignedIn.Profile.Roles) != 1 {
		t.Errorf("%+v %v", again, err)
	}
	for action, n := range map[string]string{"account.open": "1", "sign-in-link.create": "1", "membership.give": "1"} {
		if got := w.one(`SELECT count(*)::text FROM audit_events WHERE action = $1 AND subject_id = $2 AND org_id = $3`, action, first.SignedIn.Profile.PersonID, w.mill); got != n {
			t.Errorf("%s stands %s times in the trail", action, got)
		}
	}
}

func TestWhoLeftIsNotSignedInByTheOldEmployer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@mill.example", Verified: true})
	in, err := w.comesBack(w.goes(uuid.Nil))
	if err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(time.Minute)
	w.exec(`UPDATE memberships SET until = $2 WHERE person_id = $1`, in.SignedIn.Profile.PersonID, w.clock.Add(-time.Second))
	w.refused("after the role ended", w.goes(uuid.Nil), "membership-ended")
}

func TestASignInBelongsToTheBrowserThatBeganIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@mill.example", Verified: true})
	mine, theirs := w.goes(uuid.Nil), w.goes(uuid.Nil)

	stolen := mine
	stolen.Browser = theirs.Browser
	w.refused("in another browser", stolen, "sign-in-expired")
	w.refused("without a cookie", oidc.Return{Org: w.mill, State: mine.State, Code: mine.Code, Issuer: mine.Issuer}, "sign-in-expired")
	if _, err := w.comesBack(mine); err != nil {
		t.Fatalf("a stranger's tries ended it: %v", err)
	}
	w.refused("a second time", mine, "sign-in-expired")
	w.refused("a code of another browser's", func() oidc.Return { r := w.goes(uuid.Nil); r.Code = theirs.Code; return r }(), "provider-refused")
	w.refused("at another organisation's address", func() oidc.Return { r := w.goes(uuid.Nil); r.Org = w.someoneElses; return r }(), "sign-in-expired")
	w.refused("from another provider", func() oidc.Return { r := w.goes(uuid.Nil); r.Issuer = "https://evil.example"; return r }(), "provider-answer")
	late := w.goes(uuid.Nil)
	w.clock = w.clock.Add(oidc.FlowLife + time.Second)
	w.refused("too late", late, "sign-in-expired")
}

func TestTwoAnswersAtOnceMakeOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@mill.example", Verified: true})
	var all sync.WaitGroup
	for range 4 {
		r := w.goes(uuid.Nil)
		all.Go(func() {
			if _, err := w.comesBack(r); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.one(`SELECT count(*)::text FROM sign_in_links`); n != "1" {
		t.Errorf("%s links", n)
	}
}

func TestALinkIsMadeByWhoIsSignedInAndEndedByThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := w.person("li@home.example", uuid.Nil, "")
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@home.example", Verified: true})
	w.refused("before", w.goes(uuid.Nil), "sign-in-first")
	r := w.goes(li.PersonID)
	if out, err := w.service.Finish(t.Context(), r, uuid.New(), identity.Client{}); code(err) != "sign-in-expired" || out.Linked {
		t.Errorf("somebody else's session takes the link: %v", err)
	}
	r = w.goes(li.PersonID)
	if out, err := w.service.Finish(t.Context(), r, li.PersonID, identity.Client{}); err != nil || !out.Linked || out.SignedIn.Token != "" {
		t.Fatalf("%+v %v", out, err)
	}
	if in, err := w.comesBack(w.goes(uuid.Nil)); err != nil || in.SignedIn.Profile.PersonID != li.PersonID {
		t.Errorf("%+v %v", in, err)
	}
	links, err := w.service.Links(t.Context(), li.PersonID)
	if err != nil || len(links) != 1 || !links[0].Org.Enabled || links[0].Org.Org.ID != w.mill {
		t.Fatalf("%+v %v", links, err)
	}
	if err := w.service.Unlink(t.Context(), w.manager.PersonID, links[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a manager ends it: %v", err)
	}
	if err := w.service.Unlink(t.Context(), li.PersonID, links[0].ID); err != nil {
		t.Fatal(err)
	}
	w.refused("afterwards", w.goes(uuid.Nil), "sign-in-first")
}

func TestALinkIsBegunOnlyByWhoProvedItLately(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := w.person("li@home.example", uuid.Nil, "")
	for name, a := range map[string]*identity.Actor{
		"a while ago": {PersonID: li.PersonID, SignIn: uuid.New(), ProvedAt: w.clock.Add(-16 * time.Minute)},
		"a program":   {PersonID: li.PersonID},
	} {
		if _, err := w.service.Begin(t.Context(), w.mill, "/", a, identity.Client{}); code(err) != "confirm-first" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.one(`SELECT count(*)::text FROM sign_in_flows`); n != "0" {
		t.Errorf("%s flows", n)
	}
}

// full is a Throttle of which every bucket is empty.
type full struct{}

func (full) Take(context.Context, string, identity.Limit) (time.Duration, error) {
	return time.Second, nil
}
func (full) GiveBack(context.Context, string, identity.Limit) error { return nil }

func TestWhoSetsOutTooOftenWaitsAndLeavesNoRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.accounts = identity.NewAccounts(identity.Options{Store: identitydb.New(w.db), Throttle: full{}})
	o := oidc.Options{Store: identitydb.NewProviders(w.db, auditdb.Append, nil), Leave: w.accounts.Leave, Now: time.Now}
	if _, err := oidc.New(o).Begin(t.Context(), w.mill, "/", nil, identity.Client{Address: "192.0.2.1"}); fault.KindOf(err) != fault.TooMany {
		t.Errorf("%v", err)
	}
	if n := w.one(`SELECT count(*)::text FROM sign_in_flows`); n != "0" {
		t.Errorf("%s flows", n)
	}
}

func TestAClosedOrganisationSignsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@mill.example", Verified: true})
	r := w.goes(uuid.Nil)
	w.exec(`UPDATE organisations SET closed_at = now() WHERE id = $1`, w.mill)
	w.refused("who was on the way", r, "provider-changed")
	if _, err := w.service.Begin(t.Context(), w.mill, "/", nil, identity.Client{}); code(err) != "no-provider" {
		t.Errorf("one more sets out: %v", err)
	}
	if got, err := w.service.Offered(t.Context(), "棉纺"); err != nil || len(got) != 0 {
		t.Errorf("it is offered: %d, %v", len(got), err)
	}
}

func TestWhatGoesWrongOnTheWayIsSaidAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Become(providertest.Person{Subject: "17", Refuses: true})
	w.refused("the provider says no", w.goes(uuid.Nil), "sign-in-cancelled")
	w.provider.Become(providertest.Person{Subject: "17", Email: "li@mill.example", Verified: true})
	r := w.goes(uuid.Nil)
	w.set(oidc.Change{Issuer: "https://login.example.cn", ClientID: "x"})
	w.refused("the organisation changed it meanwhile", r, "provider-changed")
	if _, err := w.service.Begin(t.Context(), w.mill, "/", nil, identity.Client{}); code(err) != "no-provider" {
		t.Errorf("switched off: %v", err)
	}
	if _, err := w.service.Begin(t.Context(), uuid.New(), "/", nil, identity.Client{}); code(err) != "no-provider" {
		t.Errorf("nobody's: %v", err)
	}
	w.set(oidc.Change{Enabled: true, Issuer: w.provider.Issuer, ClientID: providertest.ClientID, Secret: new(strings.ToLower(providertest.Secret))})
	r = w.goes(uuid.Nil)
	w.provider.Stop()
	if _, err := w.comesBack(r); code(err) != "provider-away" {
		t.Errorf("down: %v", err)
	}
	if n := w.one(`SELECT count(*)::text FROM sign_in_links`); n != "0" {
		t.Errorf("%s links are left", n)
	}
}

func TestWhoMaySetWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	right := oidc.Change{Issuer: "https://login.example.cn", ClientID: "c"}
	worker := w.person("worker@mill.example", w.mill, identity.Professional)
	other := w.person("other@mill.example", w.someoneElses, identity.EmployerOfficer)
	for name, a := range map[string]*identity.Actor{"a worker": worker, "another employer's officer": other} {
		_, _, err := w.service.Settings(ctx, a, w.mill)
		_, errSave := w.service.Save(ctx, a, w.mill, 0, right)
		_, errConfirm := w.service.Confirm(ctx, a, w.mill, []string{"gov.example"})
		for _, err := range []error{err, errSave, errConfirm} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	// Whoever runs the provider does not say whose addresses it may vouch for.
	if _, err := w.service.Confirm(ctx, w.manager, w.mill, []string{"gov.example"}); code(err) != "confirmed-above" {
		t.Error(err)
	}
	for _, d := range []string{"gmail.com", "qq.com", "com.cn", "cn", "localhost", "mill.example/x", "", "*.mill.example"} {
		if _, err := w.service.Confirm(ctx, w.officer, w.mill, []string{d}); len(fault.FieldsOf(err)) != 1 {
			t.Errorf("%q is confirmed: %v", d, err)
		}
	}
	set, confirms, err := w.service.Settings(ctx, w.officer, w.mill)
	if err != nil || !confirms || len(set.Domains) != 1 || set.Domains[0] != "mill.example" || !set.HasSecret || !strings.Contains(set.Callback, w.mill.String()) {
		t.Errorf("%+v %v", set, err)
	}
	if _, err := w.service.Save(ctx, w.manager, w.mill, set.Revision-1, right); fault.KindOf(err) != fault.Precondition {
		t.Errorf("a lost edit: %v", err)
	}
	if set, err = w.service.Save(ctx, w.manager, w.mill, set.Revision, right); err != nil || set.HasSecret {
		t.Errorf("a secret goes along to another provider: %+v %v", set, err)
	}
	if text := w.one(`SELECT string_agg(e::text, '') FROM audit_events e`); strings.Contains(strings.ToLower(text), "secret of the tests") {
		t.Error("the trail tells the secret")
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, _, err := w.service.Settings(t.Context(), w.manager, w.mill)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, place string
		c           oidc.Change
	}{
		{"without TLS", "body.issuer", oidc.Change{Issuer: "http://login.example.cn", ClientID: "c"}},
		{"with a query", "body.issuer", oidc.Change{Issuer: "https://login.example.cn?x=1", ClientID: "c"}},
		{"with a password", "body.issuer", oidc.Change{Issuer: "https://a:b@login.example.cn", ClientID: "c"}},
		{"a file", "body.issuer", oidc.Change{Issuer: "file:///etc/passwd", ClientID: "c"}},
		{"without a client", "body.client_id", oidc.Change{Issuer: "https://login.example.cn"}},
		{"a rule without a claim", "body.claim", oidc.Change{Issuer: "https://login.example.cn", ClientID: "c", Rules: []oidc.Rule{{Value: "a", Role: identity.Professional}}}},
		{"a claim without a rule", "body.rules", oidc.Change{Issuer: "https://login.example.cn", ClientID: "c", Claim: "groups"}},
		{"that make an officer", "body.rules[0].role", oidc.Change{Issuer: "https://login.example.cn", ClientID: "c", Claim: "groups", Rules: []oidc.Rule{{Value: "a", Role: identity.EmployerOfficer}}}},
		{"that make an auditor", "body.rules[0].role", oidc.Change{Issuer: "https://login.example.cn", ClientID: "c", Claim: "groups", Rules: []oidc.Rule{{Value: "a", Role: identity.Auditor}}}},
		{"an instructor of a mill", "body.rules[0].role", oidc.Change{Issuer: "https://login.example.cn", ClientID: "c", Claim: "groups", Rules: []oidc.Rule{{Value: "a", Role: identity.Instructor}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := w.service.Save(t.Context(), w.manager, w.mill, set.Revision, tc.c)
			if f := fault.FieldsOf(err); len(f) != 1 || f[0].Path != tc.place {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := w.service.Save(t.Context(), w.manager, w.mill, set.Revision, oidc.Change{Enabled: true, Issuer: w.provider.Issuer + "/nowhere", ClientID: "c"}); code(err) != "provider-away" {
		t.Errorf("a provider that does not answer is switched on: %v", err)
	}
}

func TestAnOrganisationIsFoundByItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, want := range map[string]int{"棉纺": 1, "棉\x00纺": 1, w.mill.String()[:8]: 1, "%": 0, "市局": 0} {
		if got, err := w.service.Offered(t.Context(), query); err != nil || len(got) != want {
			t.Errorf("%q finds %d, %v", query, len(got), err)
		}
	}
}
