package identity_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// house is Accounts on a real database, with a clock that the test turns.
type house struct {
	*identity.Accounts
	db    *pg.DB
	clock atomic.Int64 // seconds
}

func build(t *testing.T, change func(*identity.Options)) *house {
	t.Helper()
	h := &house{db: pgtest.New(t)}
	h.clock.Store(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC).Unix())
	o := identity.Options{Store: identitydb.New(h.db), Cost: cheap, Now: h.now}
	if change != nil {
		change(&o)
	}
	h.Accounts = identity.NewAccounts(o)
	return h
}

func (h *house) now() time.Time         { return time.Unix(h.clock.Load(), 0) }
func (h *house) later(by time.Duration) { h.clock.Add(int64(by / time.Second)) }

var (
	liLei  = identity.NewAccount{Email: "Li.Lei@Example.CN", Password: "correct horse cart", Name: " 李雷 "}
	office = identity.Client{Address: "192.0.2.7", UserAgent: "Firefox"}
)

func (h *house) signUp(t *testing.T) identity.SignedIn {
	t.Helper()
	in, err := h.SignUp(t.Context(), liLei, office)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// is says whom a token signs in: uuid.Nil for nobody.
func (h *house) is(t *testing.T, token string) uuid.UUID {
	t.Helper()
	a, err := h.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if a == nil {
		return uuid.Nil
	}
	return a.PersonID
}

func (h *house) one(t *testing.T, sql string, args ...any) (text string) {
	t.Helper()
	if err := h.db.Pool().QueryRow(t.Context(), sql, args...).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSigningUpSignsIn(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	want := identity.Profile{PersonID: in.Profile.PersonID, Name: "李雷", Email: "Li.Lei@Example.CN", Locale: "zh-CN"}
	if !reflect.DeepEqual(in.Profile, want) || in.ExpiresAt.Sub(h.now()) != 30*24*time.Hour {
		t.Errorf("signed in as %+v until %v", in.Profile, in.ExpiresAt)
	}
	a, err := h.Authenticate(t.Context(), in.Token)
	if err != nil || a == nil || a.PersonID != in.Profile.PersonID || a.Name != "李雷" || a.Locale != "zh-CN" || a.Memberships != nil {
		t.Errorf("the token is %+v, %v", a, err)
	}
	if kept := h.one(t, `SELECT user_agent || ' ' || address FROM sign_ins`); kept != "Firefox 192.0.2.7" {
		t.Errorf("kept of the client: %q", kept)
	}
}

func TestASecretIsKeptNowhere(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	everything := h.one(t, `SELECT string_agg(row::text, '') FROM (SELECT a::text AS row FROM accounts a UNION ALL SELECT s::text FROM sign_ins s) all_rows`)
	if strings.Contains(everything, liLei.Password) || strings.Contains(everything, in.Token) {
		t.Errorf("the database holds a secret: %s", everything)
	}
}

func TestAnAddressOpensOneAccount(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.signUp(t)
	for name, email := range map[string]string{
		"itself": liLei.Email, "in capitals": "LI.LEI@EXAMPLE.CN", "with blanks": " li.lei@example.cn ", "in full width": "ｌｉ.ｌｅｉ@example.cn",
	} {
		again := liLei
		again.Email = email
		_, err := h.SignUp(t.Context(), again, office)
		e, _ := fault.Of(err)
		if fault.KindOf(err) != fault.Conflict || e.Code != "email-taken" || len(e.Fields) != 1 || e.Fields[0].Path != "body.email" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if people := h.one(t, `SELECT count(*)::text FROM people`); people != "1" {
		t.Errorf("a refused account left its person behind: %s people", people)
	}
}

func TestOfManyWhoTakeAnAddressAtOnceOneGetsIt(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	var opened, taken atomic.Int32
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := h.Open(t.Context(), liLei)
			switch e, _ := fault.Of(err); {
			case err == nil:
				opened.Add(1)
			case e != nil && e.Code == "email-taken":
				taken.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if opened.Load() != 1 || taken.Load() != 5 {
		t.Errorf("%d opened, %d found it taken", opened.Load(), taken.Load())
	}
}

func TestAnAccountThatCannotBeNamesEveryFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	for _, tc := range []struct {
		name   string
		change func(*identity.NewAccount)
		want   string // paths, "" when it opens
	}{
		{"a password of 8 characters is long enough", func(n *identity.NewAccount) { n.Password = "一二三四五六七八" }, ""},
		{"a password of 7 characters is too short, whatever their bytes", func(n *identity.NewAccount) { n.Password = "一二三四五六七" }, "body.password"},
		{"a password of 256 characters is not too long", func(n *identity.NewAccount) { n.Password = strings.Repeat("金木水火土日月星", 32) }, ""},
		{"a password of 257 characters is too long", func(n *identity.NewAccount) { n.Password = strings.Repeat("a", 257) }, "body.password"},
		{"a password need not mix kinds of characters", func(n *identity.NewAccount) { n.Password = "tomatenmarkdose" }, ""},
		{"a password of broken text is refused", func(n *identity.NewAccount) { n.Password = "\xff\xfe12345678" }, "body.password"},
		{"no address", func(n *identity.NewAccount) { n.Email = "" }, "body.email"},
		{"an address without a place", func(n *identity.NewAccount) { n.Email = "li" }, "body.email"},
		{"an address with a name beside it", func(n *identity.NewAccount) { n.Email = "Li <li@example.cn>" }, "body.email"},
		{"two addresses", func(n *identity.NewAccount) { n.Email = "a@example.cn,b@example.cn" }, "body.email"},
		{"an address in quotes", func(n *identity.NewAccount) { n.Email = `"a b"@example.cn` }, "body.email"},
		{"an address with an invisible character", func(n *identity.NewAccount) { n.Email = "l\u200bi@example.cn" }, "body.email"},
		{"an address with a zero byte", func(n *identity.NewAccount) { n.Email = "l\x00i@example.cn" }, "body.email"},
		{"an address with a new line", func(n *identity.NewAccount) { n.Email = "li@example.cn\nbcc:x@example.cn" }, "body.email"},
		{"an address that is too long", func(n *identity.NewAccount) { n.Email = "li@" + strings.Repeat("a.", 130) + "cn" }, "body.email"},
		{"a local part that is too long", func(n *identity.NewAccount) { n.Email = strings.Repeat("a", 65) + "@example.cn" }, "body.email"},
		{"no name", func(n *identity.NewAccount) { n.Name = " \u3000" }, "body.name"},
		{"a name of marks alone", func(n *identity.NewAccount) { n.Name = "···" }, "body.name"},
		{"a name of 100 characters", func(n *identity.NewAccount) { n.Name = strings.Repeat("李", 100) }, ""},
		{"a name of 101 characters", func(n *identity.NewAccount) { n.Name = strings.Repeat("李", 101) }, "body.name"},
		{"a name that turns the direction of writing", func(n *identity.NewAccount) { n.Name = "Li\u202eieL" }, "body.name"},
		{"a name with a new line", func(n *identity.NewAccount) { n.Name = "Li\nLei" }, "body.name"},
		{"a name with a dot of its own script", func(n *identity.NewAccount) { n.Name = "迪丽热巴·迪力木拉提" }, ""},
		{"a language that is not spoken here", func(n *identity.NewAccount) { n.Locale = "fr" }, "body.locale"},
		{"English", func(n *identity.NewAccount) { n.Locale = "en" }, ""},
		{"nothing at all", func(n *identity.NewAccount) { *n = identity.NewAccount{} }, "body.email body.password body.name"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := identity.NewAccount{Email: uuid.NewString() + "@example.cn", Password: "correct horse cart", Name: "李雷"}
			tc.change(&n)
			_, err := h.Open(t.Context(), n)
			var paths []string
			for _, f := range fault.FieldsOf(err) {
				paths = append(paths, f.Path)
			}
			if got := strings.Join(paths, " "); got != tc.want || (err == nil) != (tc.want == "") {
				t.Errorf("refused %q, want %q: %v", got, tc.want, err)
			}
		})
	}
}

func TestWhoMaySignIn(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	me := h.signUp(t).Profile.PersonID
	var refusals []error
	for _, tc := range []struct {
		name, email, password string
		right                 bool
	}{
		{"the owner", "Li.Lei@Example.CN", "correct horse cart", true},
		{"the owner in small letters", "li.lei@example.cn", "correct horse cart", true},
		{"the owner with blanks and capitals", " LI.LEI@EXAMPLE.CN ", "correct horse cart", true},
		{"a wrong password", "li.lei@example.cn", "correct horse carT", false},
		{"no password", "li.lei@example.cn", "", false},
		{"an unknown address", "han.meimei@example.cn", "correct horse cart", false},
		{"no address", "", "correct horse cart", false},
		{"what cannot be an address", "' OR 1=1 --", "correct horse cart", false},
		{"an address with a zero byte", "li.lei@example.cn\x00", "correct horse cart", false},
		{"an address of broken text", "li.lei\xff@example.cn", "correct horse cart", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in, err := h.SignIn(t.Context(), tc.email, tc.password, office)
			if tc.right {
				if err != nil || in.Profile.PersonID != me || h.is(t, in.Token) != me {
					t.Errorf("answered %+v, %v", in, err)
				}
				return
			}
			if fault.KindOf(err) != fault.Unauthenticated || in.Token != "" {
				t.Errorf("answered %+v, %v", in, err)
			}
			refusals = append(refusals, err)
		})
	}
	for _, err := range refusals {
		if !reflect.DeepEqual(err, refusals[0]) {
			t.Errorf("%#v tells apart from %#v", err, refusals[0])
		}
	}
}

func TestEverySignInHasATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	first := h.signUp(t)
	second, err := h.SignIn(t.Context(), liLei.Email, liLei.Password, office)
	if err != nil || second.Token == first.Token {
		t.Fatalf("the same token twice: %v", err)
	}
	if err := h.SignOut(t.Context(), first.Token); err != nil {
		t.Fatal(err)
	}
	if h.is(t, first.Token) != uuid.Nil || h.is(t, second.Token) != first.Profile.PersonID {
		t.Error("signing out on one device ended the other, or did not end its own")
	}
}

func TestSigningOutTwiceOrWithoutASignInIsNoMistake(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	for _, token := range []string{in.Token, in.Token, "", "x", strings.Repeat("A", 43), in.Token + "="} {
		if err := h.SignOut(t.Context(), token); err != nil {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestWhatIsNoTokenSignsNobodyIn(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	// The last of 43 characters holds two bits that mean nothing: only one spelling counts.
	last := in.Token[len(in.Token)-1:]
	spelled := in.Token[:len(in.Token)-1] + string(last[0]+1)
	for _, token := range []string{"", "x", in.Token + "A", in.Token[1:], in.Token + "\n", spelled, strings.Repeat("A", 43)} {
		if h.is(t, token) != uuid.Nil {
			t.Errorf("%q signs in", token)
		}
	}
}

func TestASignInLastsAMonthFromItsLastUse(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	for range 2 {
		h.later(29 * 24 * time.Hour)
		if h.is(t, in.Token) == uuid.Nil {
			t.Fatal("it ended though it was in use")
		}
	}
	h.later(30*24*time.Hour - time.Second)
	if h.is(t, in.Token) == uuid.Nil {
		t.Error("it ended a second early")
	}
	// However much it is used, after 90 days the password is asked again.
	h.later(2*24*time.Hour + time.Second)
	if h.is(t, in.Token) != uuid.Nil {
		t.Error("it holds after 90 days")
	}
	in, err := h.SignIn(t.Context(), liLei.Email, liLei.Password, office)
	if err != nil {
		t.Fatal(err)
	}
	h.later(30 * 24 * time.Hour)
	if h.is(t, in.Token) != uuid.Nil {
		t.Error("it holds though nobody used it for 30 days")
	}
	h.later(-time.Second)
	if h.is(t, in.Token) == uuid.Nil {
		t.Error("asking after its end changed it")
	}
}

func TestUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	in := h.signUp(t)
	version := func() string { return h.one(t, `SELECT xmin::text FROM sign_ins`) }
	before := version()
	h.later(59 * time.Second)
	h.is(t, in.Token)
	if version() != before {
		t.Error("it was written within the minute")
	}
	h.later(time.Second)
	h.is(t, in.Token)
	noted := version()
	if noted == before {
		t.Error("it was not written after a minute")
	}
	h.is(t, in.Token)
	if version() != noted {
		t.Error("it was written twice at one moment")
	}
}

func TestAStrongerCostReachesAnAccountWhenItsOwnerSignsIn(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.signUp(t)
	old := h.one(t, `SELECT password_hash FROM accounts`)
	stronger := identity.NewAccounts(identity.Options{Store: identitydb.New(h.db), Now: h.now, Cost: identity.HashCost{MemoryKiB: 128, Passes: 2, Lanes: 1}})
	if _, err := stronger.SignIn(t.Context(), liLei.Email, "wrong horse", office); err == nil {
		t.Fatal("a wrong password signs in")
	}
	if h.one(t, `SELECT password_hash FROM accounts`) != old {
		t.Fatal("a wrong password changed the hash")
	}
	for range 2 {
		if _, err := stronger.SignIn(t.Context(), liLei.Email, liLei.Password, office); err != nil {
			t.Fatal(err)
		}
	}
	if now := h.one(t, `SELECT password_hash FROM accounts`); !strings.HasPrefix(now, "$argon2id$v=19$m=128,t=2,p=1$") {
		t.Errorf("kept %q", now)
	}
	if _, err := h.SignIn(t.Context(), liLei.Email, "wrong horse", office); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestAProfileChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	me := h.signUp(t).Profile.PersonID
	text := func(s string) *string { return &s }
	for _, tc := range []struct {
		name       string
		change     identity.ProfileChange
		want       string
		wantPlaces int
	}{
		{"nothing", identity.ProfileChange{}, "李雷 zh-CN", 0},
		{"a name", identity.ProfileChange{Name: text(" Lei Li ")}, "Lei Li zh-CN", 0},
		{"a language", identity.ProfileChange{Locale: text("en")}, "Lei Li en", 0},
		{"both", identity.ProfileChange{Name: text("李雷"), Locale: text("zh-CN")}, "李雷 zh-CN", 0},
		{"neither when both are wrong", identity.ProfileChange{Name: text(" "), Locale: text("")}, "李雷 zh-CN", 2},
		{"nothing when one is wrong", identity.ProfileChange{Name: text("韩梅梅"), Locale: text("ZH-cn")}, "李雷 zh-CN", 1},
	} {
		_, err := h.UpdateProfile(t.Context(), me, tc.change)
		if len(fault.FieldsOf(err)) != tc.wantPlaces || (err == nil) != (tc.wantPlaces == 0) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if p, err := h.Profile(t.Context(), me); err != nil || p.Name+" "+p.Locale != tc.want {
			t.Errorf("%s: now %+v, %v", tc.name, p, err)
		}
	}
	if _, err := h.UpdateProfile(t.Context(), uuid.New(), identity.ProfileChange{}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a person who is not there: %v", err)
	}
}

// broken is a store of which some methods fail.
type broken struct {
	identity.Store
	accounts, touch, rehash error
}

func (b *broken) AccountByEmail(ctx context.Context, folded string) (identity.Account, error) {
	if b.accounts != nil {
		return identity.Account{}, b.accounts
	}
	return b.Store.AccountByEmail(ctx, folded)
}

func (b *broken) Touch(ctx context.Context, h identity.TokenHash, study []byte, seen, expires time.Time, longest time.Duration) error {
	return errors.Join(b.touch, b.Store.Touch(ctx, h, study, seen, expires, longest))
}

func (b *broken) Rehash(context.Context, uuid.UUID, string, string, time.Time) error { return b.rehash }

func TestWhatIsNotWorthAFailureDoesNotFail(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut")
	h := build(t, func(o *identity.Options) { o.Store = &broken{Store: o.Store, touch: cut, rehash: cut} })
	in := h.signUp(t)
	h.later(time.Hour)
	if h.is(t, in.Token) == uuid.Nil {
		t.Error("a use that could not be noted signed out")
	}
	dearer := identity.NewAccounts(identity.Options{Store: &broken{Store: identitydb.New(h.db), rehash: cut}, Cost: identity.HashCost{MemoryKiB: 128, Passes: 1, Lanes: 1}})
	if _, err := dearer.SignIn(t.Context(), liLei.Email, liLei.Password, office); err != nil {
		t.Errorf("a hash that could not be strengthened: %v", err)
	}
}
