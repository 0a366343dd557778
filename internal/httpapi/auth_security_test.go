package httpapi_test

import (
	"context"
	"encoding/base32"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// mailbox keeps what is told.
type mailbox struct{ sent []notify.Notice }

func (m *mailbox) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	m.sent = append(m.sent, n...)
	return nil
}

// openBox seals nothing.
type openBox struct{}

func (openBox) Seal(_ context.Context, _ string, plain []byte) ([]byte, error)  { return plain, nil }
func (openBox) Open(_ context.Context, _ string, sealed []byte) ([]byte, error) { return sealed, nil }

// guarded is a door with all that guards accounts, and study to be closed.
type guarded struct {
	door
	mail  *mailbox
	links *linktoken.Keys
	study *names
	later []string
}

// names notes under which sign-ins study was closed.
type names struct {
	httpapi.Study
	closed []string
}

func (n *names) CloseSignIn(_ context.Context, _ uuid.UUID, name []byte) error {
	n.closed = append(n.closed, string(name))
	return nil
}

func (n *names) has(token string) bool {
	return slices.Contains(n.closed, string(identity.StudyName(token)))
}

func newGuarded(t *testing.T, demand identity.Demand) *guarded {
	t.Helper()
	g := &guarded{mail: &mailbox{}, study: &names{}}
	var err error
	if g.links, err = linktoken.New(make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	g.db = pgtest.New(t)
	accounts := identity.NewAccounts(identity.Options{
		Store: identitydb.NewWith(g.db, identitydb.Options{Notifier: g.mail}), Cost: identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1},
		Links: g.links, Box: openBox{}, Demand: demand,
		Later: func(_ context.Context, folded string) error { g.later = append(g.later, folded); return nil },
	})
	g.Kit = httptestkit.With(t, httpapi.Options{Services: httpapi.Services{Accounts: accounts, Study: g.study}, PublicURL: "https://learn.example.cn"})
	return g
}

func token(c *httptestkit.Client) string { return strings.TrimPrefix(c.Cookie, cookie+"=") }

// totpOf sets one-time codes up; the answer holds the secret and recovery codes.
func totpOf(t *testing.T, me *httptestkit.Client) (identity.TOTP, []string) {
	t.Helper()
	var set httpapi.TOTPSetUp
	a := me.Post("/me/totp", nil).OK(200)
	a.Into(&set)
	if a.Header.Get("Cache-Control") != "no-store" || set.QR.Size < 21 || !strings.HasPrefix(set.QR.Path, "M0 0h7v1h-7z") || !strings.Contains(set.Address, set.Secret) {
		t.Errorf("set up by %s", a.Body)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(set.Secret)
	if err != nil {
		t.Fatal(err)
	}
	totp := identity.TOTP{Secret: secret}
	var codes httpapi.RecoveryCodes
	// The one before, so that the present one is left for signing in.
	me.Post("/me/totp/confirmation", map[string]string{"code": totp.Code(time.Now().Unix()/30 - 1)}).OK(200).Into(&codes)
	return totp, codes.Codes
}

func now(totp identity.TOTP) map[string]string {
	return map[string]string{"kind": "totp", "code": totp.Code(time.Now().Unix() / 30)}
}

func TestTheSecondStepIsAskedByACookieThatSignsNobodyIn(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	totp, codes := totpOf(t, g.signUp(t))
	if len(codes) != 10 {
		t.Fatalf("%d codes", len(codes))
	}
	a := g.Anonymous().Post("/auth/sign-in", li)
	p := a.Problem(401, "second-step")
	if !slices.Equal(p.Factors, []string{"totp", "recovery"}) || p.Instance == "" || a.SetCookie(cookie) != nil {
		t.Errorf("asked for %s", a.Body)
	}
	step := a.SetCookie("hourglass_step")
	if step == nil || !step.HttpOnly || !step.Secure || step.SameSite != http.SameSiteStrictMode || step.Path != httpapi.Base+"/auth" || step.MaxAge > 600 || strings.Contains(string(a.Body), step.Value) {
		t.Fatalf("the cookie is %+v", step)
	}
	half := g.Anonymous()
	half.Cookie = cookie + "=" + step.Value
	half.Get("/me").Problem(401, "unauthenticated")
	half.Cookie = step.Name + "=" + step.Value
	half.Get("/me").Problem(401, "unauthenticated")
	half.Post("/auth/second-factor", map[string]string{"kind": "totp", "code": "000000"}).Problem(422, "code-wrong")
	g.Anonymous().Post("/auth/second-factor", now(totp)).Problem(401, "step-expired")
	in := half.Post("/auth/second-factor", now(totp)).OK(200)
	var me httpapi.Me
	g.holder(t, in).Get("/me").OK(200).Into(&me)
	if !me.SecondFactor || me.FactorAsked {
		t.Errorf("%+v", me)
	}
	if c := in.SetCookie(cookie); c.Value == step.Value {
		t.Error("the first half's token became the sign-in's")
	}
	half.Post("/auth/second-factor", now(totp)).Problem(401, "step-expired")
}

func TestAskingForAResetTellsNothing(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	g.signUp(t)
	g.mail.sent = nil
	var seen []string
	for _, email := range []string{"li.lei@example.cn", "han@example.cn", "nonsense"} {
		a := g.Anonymous().Post("/auth/password-reset", map[string]string{"email": email}).OK(202)
		seen = append(seen, string(a.Body))
	}
	if seen[0] != seen[1] || seen[1] != seen[2] {
		t.Errorf("answers differ: %q", seen)
	}
	// No account was looked for: that is done later, so it takes no longer when there is one.
	if len(g.mail.sent) != 0 || !slices.Equal(g.later, []string{"li.lei@example.cn", "han@example.cn", ""}) {
		t.Errorf("told %v, left for later %q", g.mail.sent, g.later)
	}
	g.Anonymous().Post("/auth/password-reset/completion", map[string]string{"token": "x", "password": "a whole new phrase"}).Problem(410, "link-spent")
	g.Anonymous().Post("/auth/mail-verification", map[string]string{"token": strings.Repeat("A", 64)}).Problem(410, "link-spent")
}

func TestTheMailedLinkProvesTheAddress(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	me := g.signUp(t)
	n := g.mail.sent[0]
	var got httpapi.VerifiedMail
	g.Anonymous().Post("/auth/mail-verification", map[string]string{"token": g.links.Token(n.Link.Purpose, n.Link.ID)}).OK(200).Into(&got)
	if got.Email != "Li.Lei@Example.CN" {
		t.Errorf("proved %q", got.Email)
	}
	me.Post("/me/mail-verification", nil).Problem(409, "mail-verified")
	me.Put("/me/email", map[string]string{"email": "not one"}).Problem(422, "invalid")
	me.Put("/me/email", map[string]string{"email": "li@new.example"}).OK(202)
}

func TestChangingThePasswordEndsOtherSignInsAndTheirStudy(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	me := g.signUp(t)
	other := g.holder(t, g.Anonymous().Post("/auth/sign-in", li).OK(200))
	p := me.Put("/me/password", map[string]string{"current": "not it", "password": "a whole new phrase"}).Problem(422, "wrong-password")
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.current" {
		t.Errorf("%+v", p)
	}
	me.Put("/me/password", map[string]string{"current": "correct horse cart", "password": "a whole new phrase"}).OK(204)
	other.Get("/me").Problem(401, "unauthenticated")
	me.Get("/me").OK(200)
	if !g.study.has(token(other)) || g.study.has(token(me)) {
		t.Errorf("closed %x", g.study.closed)
	}
}

func TestSignInsAreOnesOwnToSeeAndEnd(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	me := g.signUp(t)
	phone := g.holder(t, g.Anonymous().With("User-Agent", "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36").Post("/auth/sign-in", li).OK(200))
	stranger := g.holder(t, g.Anonymous().Post("/auth/sign-up", strings.Replace(newLi, "Li.Lei", "han", 1)).OK(201))
	var list httpapi.MySignIns
	a := me.Get("/me/sign-ins").OK(200)
	a.Into(&list)
	i := slices.IndexFunc(list.Items, func(s httpapi.MySignIn) bool { return !s.Current })
	if len(list.Items) != 2 || i < 0 || list.Items[i].Device != "Chrome on Android" || list.Items[i].Method != "password" {
		t.Fatalf("listed %s", a.Body)
	}
	if strings.Contains(string(a.Body), token(phone)) {
		t.Error("a token stands in the list")
	}
	id := list.Items[i].ID.String()
	stranger.Delete("/me/sign-ins/"+id).Problem(404, "not-found")
	me.Delete("/me/sign-ins/" + id).OK(204)
	me.Delete("/me/sign-ins/"+id).Problem(404, "not-found")
	phone.Get("/me").Problem(401, "unauthenticated")
	again := g.holder(t, g.Anonymous().Post("/auth/sign-in", li).OK(200))
	me.Delete("/me/sign-ins").OK(204)
	again.Get("/me").Problem(401, "unauthenticated")
	me.Get("/me").OK(200)
	stranger.Get("/me").OK(200)
	if !g.study.has(token(phone)) || !g.study.has(token(again)) {
		t.Errorf("study goes on: %x", g.study.closed)
	}
}

func TestAnOfficerWithoutASecondFactorMaySetOneUpAndNothingElse(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Required)
	officer := g.signUp(t)
	for _, sql := range []string{
		`INSERT INTO organisations (id, kind, level, name_zh, name_en, lineage, created_at) VALUES ('00000000-0000-7000-8000-000000000001', 'personnel_department', 'provincial', '省厅', 'Province', ARRAY['00000000-0000-7000-8000-000000000001'::uuid], now())`,
		`INSERT INTO memberships (id, person_id, org_id, role, since) SELECT gen_random_uuid(), id, '00000000-0000-7000-8000-000000000001', 'department_officer', now() - interval '1 hour' FROM people`,
	} {
		if _, err := g.db.Pool().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var me httpapi.Me
	officer.Get("/me").OK(200).Into(&me)
	if !me.FactorAsked || len(me.Roles) != 1 {
		t.Errorf("%+v", me)
	}
	for _, path := range []string{"/reviews", "/integrity-flags", "/authoring/courses"} {
		officer.Get(path).Problem(403, "second-factor-required")
	}
	totpOf(t, officer)
	if s := officer.Get("/reviews").Status; s == 403 {
		t.Error("still asked")
	}
	officer.Get("/me").OK(200).Into(&me)
	if me.FactorAsked || !me.SecondFactor {
		t.Errorf("%+v", me)
	}
}

func TestWhatGuardsTheAccountAsksForThePasswordAgain(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, identity.Offered)
	me := g.signUp(t)
	if _, err := g.db.Pool().Exec(t.Context(), `UPDATE sign_ins SET proved_at = now() - interval '20 minutes'`); err != nil {
		t.Fatal(err)
	}
	me.Post("/me/totp", nil).Problem(403, "confirm-first")
	me.Post("/me/recovery-codes", nil).Problem(403, "confirm-first")
	me.Post("/auth/confirmation", map[string]string{"password": "not it"}).Problem(422, "wrong-password")
	me.Post("/auth/confirmation", map[string]string{"password": "correct horse cart"}).OK(204)
	me.Post("/me/totp", nil).OK(200)
}

func TestASecretIsNotKeptUnderAnIdempotencyKey(t *testing.T) {
	t.Parallel()
	_, api := httpapi.NewRouterAPI(httpapi.Options{})
	for path, item := range api.OpenAPI().Paths {
		if op := item.Post; op != nil && (strings.HasPrefix(path, "/me/totp") || strings.HasPrefix(path, "/me/passkeys") || path == "/me/recovery-codes" || path == "/auth/confirmation") {
			for _, p := range op.Parameters {
				if p.Name == "Idempotency-Key" {
					t.Errorf("%s keeps its answer", path)
				}
			}
		}
	}
}
