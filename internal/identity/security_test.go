package identity_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/passkey"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// post keeps what is told instead of mailing it.
type post struct{ sent []notify.Notice }

func (p *post) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	p.sent = append(p.sent, n...)
	return nil
}

// takes is the last notice of a kind, which is then forgotten with all before.
func (p *post) takes(t *testing.T, kind notify.Kind) notify.Notice {
	t.Helper()
	for _, n := range slices.Backward(p.sent) {
		if n.Kind == kind {
			p.sent = nil
			return n
		}
	}
	t.Fatalf("%s was not told: %+v", kind, p.sent)
	return notify.Notice{}
}

// glassBox seals by writing the purpose in front.
type glassBox struct{}

func (glassBox) Seal(_ context.Context, purpose string, plain []byte) ([]byte, error) {
	return append([]byte(purpose+"\x00"), plain...), nil
}

func (glassBox) Open(_ context.Context, purpose string, sealed []byte) ([]byte, error) {
	plain, ok := strings.CutPrefix(string(sealed), purpose+"\x00")
	if !ok {
		return nil, errors.New("sealed for another purpose")
	}
	return []byte(plain), nil
}

// flat is a house with all that guards an account.
type flat struct {
	*house
	post  *post
	links *linktoken.Keys
	ended [][]byte // study that was closed
}

func furnished(t *testing.T, change func(*identity.Options)) *flat {
	t.Helper()
	f := &flat{post: &post{}}
	var err error
	if f.links, err = linktoken.New(make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	keys, err := passkey.New(&url.URL{Scheme: "https", Host: "learn.example.cn"})
	if err != nil {
		t.Fatal(err)
	}
	f.house = build(t, func(o *identity.Options) {
		o.Links, o.Box, o.Passkeys = f.links, glassBox{}, keys
		if change != nil {
			change(o)
		}
	})
	// Again, with somebody to tell.
	o := identity.Options{Store: identitydb.NewWith(f.db, identitydb.Options{Notifier: f.post, Trail: auditdb.Append}), Cost: cheap, Now: f.now, Links: f.links, Box: glassBox{}, Passkeys: keys}
	if change != nil {
		change(&o)
	}
	f.Accounts = identity.NewAccounts(o)
	return f
}

func (f *flat) end(_ context.Context, _ uuid.UUID, names [][]byte) error {
	f.ended = append(f.ended, names...)
	return nil
}

func (f *flat) closed(token string) bool {
	return slices.ContainsFunc(f.ended, func(n []byte) bool { return string(n) == string(identity.StudyName(token)) })
}

func (f *flat) actor(t *testing.T, token string) *identity.Actor {
	t.Helper()
	a, err := f.Authenticate(t.Context(), token)
	if err != nil || a == nil {
		t.Fatalf("nobody: %v", err)
	}
	return a
}

func (f *flat) in(t *testing.T, password string) identity.SignedIn {
	t.Helper()
	in, err := f.SignIn(t.Context(), liLei.Email, password, office)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func (f *flat) link(n notify.Notice) string { return f.links.Token(n.Link.Purpose, n.Link.ID) }

func code(err error) string {
	if e, ok := fault.Of(err); ok {
		return e.Code
	}
	return ""
}

func expect(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil && want != "" || err != nil && code(err) != want {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

func TestAnAddressIsProvedByItsLink(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	n := f.post.takes(t, "verify-mail")
	if n.Person != in.Profile.PersonID || n.Address != "Li.Lei@Example.CN" || n.Path != "/verify-mail" || in.Profile.Verified {
		t.Errorf("told %+v", n)
	}
	ctx := t.Context()
	_, err := f.VerifyMail(ctx, f.links.Token("reset-password", n.Link.ID), office)
	expect(t, "a link for something else", err, "link-spent")
	for range 2 { // a scanner and a person
		email, err := f.VerifyMail(ctx, f.link(n), office)
		if err != nil || email != "Li.Lei@Example.CN" {
			t.Fatalf("%q, %v", email, err)
		}
	}
	if p, err := f.Profile(ctx, in.Profile.PersonID); err != nil || !p.Verified {
		t.Errorf("%+v, %v", p, err)
	}
	expect(t, "asked again", f.SendVerification(ctx, f.actor(t, in.Token)), "mail-verified")
}

func TestALinkIsReplacedByTheNextAndEndsByItself(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	first := f.post.takes(t, "verify-mail")
	if err := f.SendVerification(t.Context(), f.actor(t, in.Token)); err != nil {
		t.Fatal(err)
	}
	second := f.post.takes(t, "verify-mail")
	_, err := f.VerifyMail(t.Context(), f.link(first), office)
	expect(t, "the first link", err, "link-spent")
	f.later(3*24*time.Hour + time.Second)
	_, err = f.VerifyMail(t.Context(), f.link(second), office)
	expect(t, "a link of four days ago", err, "link-spent")
}

func TestANewAddressIsProvedFirstAndTheOldOneTold(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	ctx := t.Context()
	if _, err := f.VerifyMail(ctx, f.link(f.post.takes(t, "verify-mail")), office); err != nil {
		t.Fatal(err)
	}
	a := f.actor(t, in.Token)
	expect(t, "nonsense", f.ChangeMail(ctx, a, "nobody"), "")
	if err := f.ChangeMail(ctx, a, "li@New.example"); err != nil {
		t.Fatal(err)
	}
	n := f.post.takes(t, "verify-mail")
	if n.Address != "li@New.example" {
		t.Errorf("mailed to %s", n.Address)
	}
	if p, _ := f.Profile(ctx, a.PersonID); p.Email != "Li.Lei@Example.CN" {
		t.Errorf("it is %s before it is proved", p.Email)
	}
	if _, err := f.VerifyMail(ctx, f.link(n), office); err != nil {
		t.Fatal(err)
	}
	if p, _ := f.Profile(ctx, a.PersonID); p.Email != "li@New.example" || !p.Verified {
		t.Errorf("%+v", p)
	}
	if told := f.post.takes(t, "mail-changed"); told.Address != "Li.Lei@Example.CN" {
		t.Errorf("told %+v", told)
	}
	f.later(16 * time.Minute)
	expect(t, "a while after signing in", f.ChangeMail(ctx, f.actor(t, in.Token), "x@y.example"), "confirm-first")
}

func TestAnAddressTakenMeanwhileStaysItsOwners(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	ctx := t.Context()
	other := liLei
	other.Email = "han@example.cn"
	if _, err := f.SignUp(ctx, other, office); err != nil {
		t.Fatal(err)
	}
	f.post.sent = nil
	if err := f.ChangeMail(ctx, f.actor(t, in.Token), "HAN@example.cn"); err != nil {
		t.Fatalf("it tells who has an account: %v", err)
	}
	_, err := f.VerifyMail(ctx, f.link(f.post.takes(t, "verify-mail")), office)
	expect(t, "the link", err, "email-taken")
}

func (f *flat) reset(t *testing.T, email string) {
	t.Helper()
	if err := f.AskReset(t.Context(), email, office); err != nil {
		t.Fatal(err)
	}
}

func TestAPasswordIsResetByALinkOnceAndEndsEverything(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	second := f.in(t, liLei.Password)
	f.post.sent = nil
	f.reset(t, "nobody@example.cn")
	f.reset(t, "\x00")
	if len(f.post.sent) != 0 {
		t.Fatalf("told %+v", f.post.sent)
	}
	f.reset(t, " LI.LEI@example.cn")
	n := f.post.takes(t, "reset-password")
	ctx := t.Context()
	if err := f.ResetPassword(ctx, f.link(n), "too short", office, f.end); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("a short password: %v", err)
	}
	if err := f.ResetPassword(ctx, f.link(n), "a whole new phrase", office, f.end); err != nil {
		t.Fatal(err)
	}
	f.post.takes(t, "password-changed")
	for _, old := range []string{in.Token, second.Token} {
		if f.is(t, old) != uuid.Nil || !f.closed(old) {
			t.Error("a sign-in or its study goes on")
		}
	}
	expect(t, "the link again", f.ResetPassword(ctx, f.link(n), "another new phrase", office, f.end), "link-spent")
	_, err := f.SignIn(ctx, liLei.Email, liLei.Password, office)
	expect(t, "the old password", err, "wrong-credentials")
	if p := f.in(t, "a whole new phrase").Profile; !p.Verified {
		t.Error("who got the mail has not proved the address")
	}
	f.reset(t, liLei.Email)
	n = f.post.takes(t, "reset-password")
	f.later(30*time.Minute + time.Second)
	expect(t, "after half an hour", f.ResetPassword(ctx, f.link(n), "another new phrase", office, f.end), "link-spent")
}

func TestAResetThatCannotCloseStudyLosesNothing(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	f.reset(t, liLei.Email)
	link := f.link(f.post.takes(t, "reset-password"))
	away := func(context.Context, uuid.UUID, [][]byte) error { return context.DeadlineExceeded }
	if err := f.ResetPassword(t.Context(), link, "a whole new phrase", office, away); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("%v", err)
	}
	if f.is(t, in.Token) == uuid.Nil {
		t.Error("half was done")
	}
	if err := f.ResetPassword(t.Context(), link, "a whole new phrase", office, f.end); err != nil {
		t.Errorf("it cannot be tried again: %v", err)
	}
}

func TestWhoTookAnAddressBeforeItsOwnerKeepsNoKeyToIt(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	thief := f.signUp(t)
	f.enrolTOTP(t, thief)
	ctx, person := t.Context(), thief.Profile.PersonID
	if _, err := f.db.Pool().Exec(ctx, `
		WITH o AS (INSERT INTO organisations (id, kind, name_zh, lineage, created_at) SELECT id, 'employer', '贼窝', ARRAY[id], now() FROM (SELECT gen_random_uuid() AS id) i RETURNING id)
		INSERT INTO sign_in_links (id, person_id, org_id, issuer, subject, created_at) SELECT gen_random_uuid(), $1, id, 'https://login.thief.example', '1', now() FROM o`, person); err != nil {
		t.Fatal(err)
	}
	f.reset(t, liLei.Email)
	if err := f.ResetPassword(ctx, f.link(f.post.takes(t, "reset-password")), "the owner's own phrase", office, f.end); err != nil {
		t.Fatal(err)
	}
	f.in(t, "the owner's own phrase") // without the thief's second factor
	if n := f.one(t, `SELECT count(*)::text FROM sign_in_links`); n != "0" {
		t.Error("the thief's provider still signs in")
	}
}

func TestAResetEndsAccessTokensAndAChangeDoesNot(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in, s, ctx := f.signUp(t), f.tokens(nil), t.Context()
	_, text, err := s.Create(ctx, f.owner(in.Profile.PersonID), script)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.ChangePassword(ctx, f.actor(t, in.Token), liLei.Password, "a whole new phrase", f.end); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Authenticate(ctx, text, ""); err != nil {
		t.Errorf("a changed password ended it: %v", err)
	}
	f.reset(t, liLei.Email)
	if err := f.ResetPassword(ctx, f.link(f.post.takes(t, "reset-password")), "the owner's own phrase", office, f.end); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Authenticate(ctx, text, "")
	expect(t, "a token made before", err, "wrong-token")
}

func TestAChangedPasswordEndsOtherSignInsAndOpenLinks(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	other := f.in(t, liLei.Password)
	f.reset(t, liLei.Email)
	link := f.link(f.post.takes(t, "reset-password"))
	ctx, a := t.Context(), f.actor(t, in.Token)
	expect(t, "a wrong present one", f.ChangePassword(ctx, a, "not it", "a whole new phrase", f.end), "wrong-password")
	if err := f.ChangePassword(ctx, a, liLei.Password, "fourteen chars", f.end); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a short one: %v", err)
	}
	if err := f.ChangePassword(ctx, a, liLei.Password, "a whole new phrase", f.end); err != nil {
		t.Fatal(err)
	}
	f.post.takes(t, "password-changed")
	if f.is(t, in.Token) == uuid.Nil || f.is(t, other.Token) != uuid.Nil || !f.closed(other.Token) || f.closed(in.Token) {
		t.Error("the wrong ones ended")
	}
	expect(t, "an open link", f.ResetPassword(ctx, link, "another new phrase", office, f.end), "link-spent")
	f.in(t, "a whole new phrase")
}

// enrolTOTP sets up one-time codes and answers the secret and the recovery codes.
func (f *flat) enrolTOTP(t *testing.T, in identity.SignedIn) (identity.TOTP, []string) {
	t.Helper()
	a := f.actor(t, in.Token)
	begun, err := f.BeginTOTP(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	totp := identity.TOTP{Secret: secretOf(t, begun)}
	codes, err := f.ConfirmTOTP(t.Context(), a, f.codeNow(totp), f.end)
	if err != nil {
		t.Fatal(err)
	}
	return totp, codes
}

func (f *flat) codeNow(totp identity.TOTP) string { return totp.Code(f.now().Unix() / 30) }

func (f *flat) step(t *testing.T, password string) *identity.SecondStep {
	t.Helper()
	_, err := f.SignIn(t.Context(), liLei.Email, password, office)
	var step *identity.SecondStep
	if !errors.As(err, &step) {
		t.Fatalf("no second step: %v", err)
	}
	return step
}

func TestASecondFactorIsAskedOnceItIsSetUp(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	other := f.in(t, liLei.Password)
	ctx := t.Context()
	_, err := f.ConfirmTOTP(ctx, f.actor(t, in.Token), "123456", f.end)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("confirmed what was not begun: %v", err)
	}
	totp, codes := f.enrolTOTP(t, in)
	if len(codes) != 10 || f.is(t, other.Token) != uuid.Nil || f.is(t, in.Token) == uuid.Nil || !f.closed(other.Token) {
		t.Errorf("%d codes; or the other sign-in, opened without it, goes on", len(codes))
	}
	f.post.takes(t, "second-factor-changed")
	step := f.step(t, liLei.Password)
	if f.is(t, step.Token) != uuid.Nil {
		t.Fatal("the first half signs in")
	}
	_, err = f.FinishByCode(ctx, step.Token, identity.ByTOTP, f.codeNow(totp), office)
	expect(t, "the code that set it up", err, "code-spent")
	f.later(30 * time.Second)
	got, err := f.FinishByCode(ctx, step.Token, identity.ByTOTP, f.codeNow(totp), office)
	if err != nil || f.is(t, got.Token) != in.Profile.PersonID || !f.actor(t, got.Token).SecondFactor {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = f.FinishByCode(ctx, step.Token, identity.ByTOTP, f.codeNow(totp), office)
	expect(t, "the first half again", err, "step-expired")
	_, err = f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByTOTP, f.codeNow(totp), office)
	expect(t, "the same code again", err, "code-spent")
}

func TestAClockTenMinutesOffIsTold(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	totp, _ := f.enrolTOTP(t, f.signUp(t))
	f.later(time.Hour)
	ctx, step := t.Context(), f.step(t, liLei.Password)
	for off, word := range map[int64]string{20: "10 min fast", -20: "10 min slow"} {
		_, err := f.FinishByCode(ctx, step.Token, identity.ByTOTP, totp.Code(f.now().Unix()/30+off), office)
		expect(t, "off", err, "clock-off")
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("it says %v, not %s", err, word)
		}
	}
	// What was shown before its time is not taken at its time.
	early := totp.Code(f.now().Unix()/30 + 20)
	f.later(10 * time.Minute)
	_, err := f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByTOTP, early, office)
	expect(t, "at its time", err, "code-spent")
	f.later(30 * time.Second)
	if _, err := f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByTOTP, f.codeNow(totp), office); err != nil {
		t.Errorf("with the clock set right: %v", err)
	}
}

func TestGuessingCodesGoesBackToThePassword(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	totp, _ := f.enrolTOTP(t, f.signUp(t))
	f.later(time.Minute)
	ctx, step := t.Context(), f.step(t, liLei.Password)
	for range 8 {
		_, err := f.FinishByCode(ctx, step.Token, identity.ByTOTP, "000000", office)
		expect(t, "a guess", err, "code-wrong")
	}
	_, err := f.FinishByCode(ctx, step.Token, identity.ByTOTP, f.codeNow(totp), office)
	expect(t, "after eight", err, "step-expired")
	late := f.step(t, liLei.Password)
	f.later(10*time.Minute + time.Second)
	_, err = f.FinishByCode(ctx, late.Token, identity.ByTOTP, f.codeNow(totp), office)
	expect(t, "after ten minutes", err, "step-expired")
	for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
		_, err = f.FinishByCode(ctx, token, identity.ByTOTP, f.codeNow(totp), office)
		expect(t, "without the first half", err, "step-expired")
	}
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	_, codes := f.enrolTOTP(t, in)
	ctx := t.Context()
	kept := f.one(t, `SELECT string_agg(c::text, '') || (SELECT string_agg(t::text, '') FROM totp_factors t) FROM recovery_codes c`)
	if strings.Contains(kept, codes[0]) {
		t.Error("a code is kept as it is")
	}
	if _, err := f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByRecovery, strings.ToUpper(codes[3]), office); err != nil {
		t.Fatal(err)
	}
	f.post.takes(t, "second-factor-changed")
	_, err := f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByRecovery, codes[3], office)
	expect(t, "again", err, "code-wrong")
	a := f.actor(t, in.Token)
	if have, err := f.Factors(ctx, a); err != nil || have.CodesLeft != 9 || have.TOTPSince == nil {
		t.Errorf("%+v, %v", have, err)
	}
	fresh, err := f.RenewCodes(ctx, a)
	if err != nil || len(fresh) != 10 {
		t.Fatal(err)
	}
	_, err = f.FinishByCode(ctx, f.step(t, liLei.Password).Token, identity.ByRecovery, codes[4], office)
	expect(t, "one of the old set", err, "code-wrong")
	if err := f.RemoveTOTP(ctx, a); err != nil {
		t.Fatal(err)
	}
	if have, _ := f.Factors(ctx, a); have.Any() || have.CodesLeft != 0 {
		t.Errorf("with the last factor gone there is %+v", have)
	}
	f.in(t, liLei.Password)
	_, err = f.RenewCodes(ctx, f.actor(t, in.Token))
	expect(t, "codes for no factor", err, "no-second-factor")
}

func TestWhatGuardsAnAccountIsChangedOnlyByWhoProvedItLately(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	f.later(16 * time.Minute)
	ctx, a := t.Context(), f.actor(t, in.Token)
	_, begin := f.BeginTOTP(ctx, a)
	_, confirm := f.ConfirmTOTP(ctx, a, "123456", f.end)
	_, renew := f.RenewCodes(ctx, a)
	_, ask := f.BeginPasskey(ctx, a)
	_, add := f.AddPasskey(ctx, a, "x", "x", nil, f.end)
	_, _, token := f.tokens(nil).Create(ctx, a, script)
	for name, err := range map[string]error{"begin": begin, "confirm": confirm, "renew": renew, "ask": ask, "add": add, "access token": token,
		"remove": f.RemoveTOTP(ctx, a), "remove passkey": f.RemovePasskey(ctx, a, uuid.New()), "mail": f.ChangeMail(ctx, a, "x@y.example")} {
		expect(t, name, err, "confirm-first")
	}
	expect(t, "a wrong password", f.Confirm(ctx, a, "not it"), "wrong-password")
	if err := f.Confirm(ctx, a, liLei.Password); err != nil {
		t.Fatal(err)
	}
	if _, err := f.BeginTOTP(ctx, f.actor(t, in.Token)); err != nil {
		t.Errorf("after proving it: %v", err)
	}
}

func TestSignInsAreListedAndEndedWithTheirStudy(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	phone := identity.Client{Address: "198.51.100.4", UserAgent: "x", Device: "Safari on iOS"}
	in := f.signUp(t)
	f.post.sent = nil
	f.later(time.Minute)
	other, err := f.SignIn(t.Context(), liLei.Email, liLei.Password, phone)
	if err != nil {
		t.Fatal(err)
	}
	if n := f.post.takes(t, "new-sign-in"); n.Facts["device"] != "Safari on iOS" || n.Facts["address"] != "198.51.100.4" {
		t.Errorf("told %+v", n)
	}
	if _, err := f.SignIn(t.Context(), liLei.Email, liLei.Password, phone); err != nil || len(f.post.sent) != 0 {
		t.Errorf("a known device is told of: %+v, %v", f.post.sent, err)
	}
	ctx, a := t.Context(), f.actor(t, in.Token)
	list, err := f.SignIns(ctx, a)
	if err != nil || len(list) != 3 || !slices.ContainsFunc(list, func(l identity.ListedSignIn) bool { return l.ID == a.SignIn && l.Device == "" }) {
		t.Fatalf("%+v, %v", list, err)
	}
	b := f.actor(t, other.Token)
	stranger, err := f.SignUp(ctx, identity.NewAccount{Email: "han@example.cn", Password: liLei.Password, Name: "韩梅梅"}, office)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.EndSignIn(ctx, f.actor(t, stranger.Token), b.SignIn, f.end); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stranger ended it: %v", err)
	}
	if err := f.EndSignIn(ctx, a, b.SignIn, f.end); err != nil || f.is(t, other.Token) != uuid.Nil || !f.closed(other.Token) {
		t.Errorf("it goes on: %v", err)
	}
	if err := f.EndOthers(ctx, a, f.end); err != nil {
		t.Fatal(err)
	}
	if list, _ := f.SignIns(ctx, a); len(list) != 1 || list[0].ID != a.SignIn {
		t.Errorf("left: %+v", list)
	}
	if f.is(t, stranger.Token) == uuid.Nil {
		t.Error("a stranger's ended too")
	}
}

func TestAPasskeySignsInBesideThePasswordAndAlone(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	ctx, a := t.Context(), f.actor(t, in.Token)
	person := in.Profile.PersonID
	site := virtualwebauthn.RelyingParty{Name: "Hourglass", ID: "learn.example.cn", Origin: "https://learn.example.cn"}
	auth := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: person[:]})
	cred := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	ask, err := f.BeginPasskey(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	made, err := virtualwebauthn.ParseAttestationOptions(string(ask.Options))
	if err != nil {
		t.Fatal(err)
	}
	response := []byte(virtualwebauthn.CreateAttestationResponse(site, auth, cred, *made))
	codes, err := f.AddPasskey(ctx, a, ask.Token, "My phone", response, f.end)
	if err != nil || len(codes) != 10 {
		t.Fatalf("%v, %v", codes, err)
	}
	_, err = f.AddPasskey(ctx, a, ask.Token, "Again", response, f.end)
	expect(t, "the same answer again", err, "passkey-refused")
	auth.AddCredential(cred)
	answer := func(options json.RawMessage) []byte {
		o, err := virtualwebauthn.ParseAssertionOptions(string(options))
		if err != nil {
			t.Fatal(err)
		}
		cred.Counter++
		return []byte(virtualwebauthn.CreateAssertionResponse(site, auth, cred, *o))
	}
	step := f.step(t, liLei.Password)
	second, err := f.AskPasskey(ctx, step.Token, office)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.SignInByPasskey(ctx, second.Token, answer(second.Options), office)
	expect(t, "the second step's challenge for another sign-in", err, "passkey-refused")
	second, _ = f.AskPasskey(ctx, step.Token, office)
	got, err := f.FinishByPasskey(ctx, step.Token, second.Token, answer(second.Options), office)
	if err != nil || f.is(t, got.Token) != person {
		t.Fatalf("beside the password: %v", err)
	}
	alone, err := f.AskPasskey(ctx, "", office)
	if err != nil {
		t.Fatal(err)
	}
	reply := answer(alone.Options)
	got, err = f.SignInByPasskey(ctx, alone.Token, reply, office)
	if err != nil || f.is(t, got.Token) != person {
		t.Fatalf("alone: %v", err)
	}
	_, err = f.SignInByPasskey(ctx, alone.Token, reply, office)
	expect(t, "the same answer again", err, "passkey-refused")
	have, err := f.Factors(ctx, a)
	if err != nil || len(have.Passkeys) != 1 || have.Passkeys[0].Name != "My phone" || have.Passkeys[0].UsedAt == nil {
		t.Fatalf("%+v, %v", have, err)
	}
	if err := f.RemovePasskey(ctx, a, have.Passkeys[0].ID); err != nil {
		t.Fatal(err)
	}
	alone, _ = f.AskPasskey(ctx, "", office)
	_, err = f.SignInByPasskey(ctx, alone.Token, answer(alone.Options), office)
	expect(t, "a removed passkey", err, "passkey-refused")
}

func TestAnOperatorLetsInWhoLostEverySecondFactor(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	f.enrolTOTP(t, in)
	if _, err := f.ForgetFactors(t.Context(), "nobody@example.cn"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody's: %v", err)
	}
	if _, err := f.ForgetFactors(t.Context(), "LI.LEI@example.cn"); err != nil {
		t.Fatal(err)
	}
	f.post.takes(t, "second-factor-changed")
	if f.is(t, in.Token) != uuid.Nil {
		t.Error("a sign-in goes on")
	}
	f.in(t, liLei.Password)
}

func TestALeakedPasswordIsRefusedAndAListThatIsAwayIsNoLock(t *testing.T) {
	t.Parallel()
	list := &leaked{}
	f := furnished(t, func(o *identity.Options) { o.Breached = list })
	list.found = true
	_, err := f.SignUp(t.Context(), liLei, office)
	expect(t, "a leaked one", err, "password-breached")
	list.found, list.fails = false, errors.New("away")
	f.signUp(t)
}

type leaked struct {
	found bool
	fails error
}

func (l *leaked) Breached(context.Context, string) (bool, error) { return l.found, l.fails }

func TestEveryChangeOfAnAccountIsInTheTrailWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	f := furnished(t, nil)
	in := f.signUp(t)
	totp, codes := f.enrolTOTP(t, in)
	if err := f.ChangePassword(t.Context(), f.actor(t, in.Token), liLei.Password, "a whole new phrase", f.end); err != nil {
		t.Fatal(err)
	}
	trail := f.one(t, `SELECT string_agg(action || coalesce(before::text, '') || coalesce(after::text, ''), ' ' ORDER BY id) FROM audit_events WHERE subject_id = $1`, in.Profile.PersonID)
	for _, deed := range []string{"account.open", "account.add-totp", "account.change-password"} {
		if !strings.Contains(trail, deed) {
			t.Errorf("%s is not in %s", deed, trail)
		}
	}
	for _, secret := range []string{liLei.Password, "a whole new phrase", identity.TOTPSecretText(totp.Secret), codes[0]} {
		if strings.Contains(trail, secret) {
			t.Errorf("%q stands in the trail", secret)
		}
	}
}
