package notify_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/notify"
)

// samples are values of the facts that are words or moments.
var samples = map[string]string{
	"due": "2026-12-31", "until": "2026-12-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z", "at": "2026-11-25T01:00:00Z",
	"role": "instructor", "decision": "upheld", "state": "suspended", "change": "totp-added",
}

// with is a notice of a kind with every fact it needs and no other.
func with(s notify.Spec) notify.Notice {
	n := notify.Notice{Kind: s.Kind, Person: uuid.New(), Path: "/x", Facts: map[string]string{}}
	for _, f := range s.Facts {
		n.Facts[f.Name] = "某" + f.Name
		if v := samples[f.Name]; v != "" {
			n.Facts[f.Name] = v
		}
	}
	return n
}

var han = regexp.MustCompile(`\p{Han}`)

func TestEveryKindIsToldInBothLanguagesFromTheFactsItNeeds(t *testing.T) {
	t.Parallel()
	for _, s := range notify.Specs() {
		n := with(s)
		if err := n.Check(); err != nil {
			t.Errorf("%s: %v", s.Kind, err)
		}
		for _, locale := range []string{"zh-CN", "en"} {
			text := n.Tell(locale, time.UTC)
			all := text.Title + strings.Join(text.Body, "") + text.Label
			if text.Title == "" || len(text.Body) == 0 || text.Label == "" || strings.ContainsAny(all, "{}") {
				t.Errorf("%s in %s: %+v", s.Kind, locale, text)
			}
			for _, f := range s.Facts {
				if (f.Form == notify.Moment || f.Form == notify.Word && locale != "en") && strings.Contains(all, n.Facts[f.Name]) {
					t.Errorf("%s in %s shows %s raw: %s", s.Kind, locale, f.Name, all)
				}
				if f.Form == notify.Plain && !strings.Contains(all, n.Facts[f.Name]) {
					t.Errorf("%s in %s does not tell %s", s.Kind, locale, f.Name)
				}
				if locale == "en" {
					all = strings.ReplaceAll(all, "某"+f.Name, "")
				}
			}
			if locale == "en" && han.MatchString(all) {
				t.Errorf("%s in English: %s", s.Kind, all)
			}
		}
		for _, f := range s.Facts {
			lacking := with(s)
			delete(lacking.Facts, f.Name)
			if lacking.Check() == nil {
				t.Errorf("%s is told without %s", s.Kind, f.Name)
			}
		}
	}
}

func TestWhatConcernsSecurityCannotBeTurnedOff(t *testing.T) {
	t.Parallel()
	for _, s := range notify.Specs() {
		if (s.Group == "security" || s.MailOnly) && !s.Binding || s.Binding && s.Mail != notify.Now {
			t.Errorf("%s may be missed", s.Kind)
		}
	}
}

func TestAFactForgesNoLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := notify.OneLine(rapid.String().Draw(t, "fact"))
		if strings.ContainsAny(line, "\r\n\t\x00\u2028\u2029\u0085\u202e") || len([]rune(line)) > 301+300 || strings.TrimSpace(line) != line {
			t.Fatalf("%q", line)
		}
	})
	if got := notify.OneLine("a\r\nBcc: x@y\u202e z"); got != "a Bcc: x@y z" {
		t.Errorf("%q", got)
	}
}

func TestMomentsAreToldWhereThePersonIs(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	spec, _ := notify.SpecOf(notify.ResetPassword)
	n := with(spec)
	if got := strings.Join(n.Tell("zh-CN", shanghai).Body, ""); !strings.Contains(got, "2026年12月1日 08:00") {
		t.Error(got)
	}
	if got := strings.Join(n.Tell("en", time.UTC).Body, ""); !strings.Contains(got, "1 December 2026, 00:00") {
		t.Error(got)
	}
}

func TestARefusalOfTheAddressIsToldFromOneOfTheMail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		r    notify.Reply
		bad  bool
	}{
		{"no such mailbox", notify.Reply{Code: 550, Status: "5.1.1", Recipient: true}, true},
		{"no such mailbox, told after the text", notify.Reply{Code: 550, Status: "5.1.1"}, true},
		{"a mailbox that is shut", notify.Reply{Code: 550, Status: "5.2.1", Recipient: true}, true},
		{"an old server's no", notify.Reply{Code: 550, Recipient: true}, true},
		{"an old server's no to the text", notify.Reply{Code: 554}, false},
		{"relaying denied", notify.Reply{Code: 550, Status: "5.7.1", Recipient: true}, false},
		{"full for now", notify.Reply{Code: 452, Status: "4.2.2", Recipient: true}, false},
		{"our own address", notify.Reply{Code: 550, Status: "5.1.8", Recipient: true}, false},
	} {
		if got := tc.r.BadAddress(); got != tc.bad {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}
