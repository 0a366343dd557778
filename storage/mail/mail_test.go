package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/storage/mail"
	"github.com/hourglass-lms/hourglass/storage/mail/mailtest"
)

func letter() mail.Letter {
	return mail.Letter{
		ID: "0193", From: "学时 <no-reply@hourglass.example>", To: "zhiyuan@example.cn", Subject: "《数据安全》的证书已签发", Text: "您学完了。\n", HTML: "<p>您学完了。</p>",
		Locale: "zh-CN", Date: time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC), Unsubscribe: "https://hourglass.example/api/v1/unsubscribe/x/y",
	}
}

func carrier(s *mailtest.Server, o mailtest.Options) mail.SMTP {
	return mail.SMTP{Host: s.Host, Port: s.Port, Hello: "learn.example.cn", Implicit: o.Implicit, User: o.User, Password: o.Password, TLS: &tls.Config{RootCAs: s.Roots, MinVersion: tls.VersionTLS12}}
}

func fine(context.Context) error { return nil }

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mailtest.Options{
		"STARTTLS": {}, "TLS from the start": {Implicit: true}, "signed in": {User: "relay", Password: "s3cret"}, "in the clear on this machine": {Plain: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mailtest.New(t, o)
			if err := carrier(s, o).Carry(t.Context(), letter(), fine); err != nil {
				t.Fatal(err)
			}
			got := s.Taken()
			if len(got) != 1 || got[0].From != "no-reply@hourglass.example" || got[0].To != "zhiyuan@example.cn" || got[0].Encrypted == o.Plain || got[0].User != o.User || got[0].Hello != "learn.example.cn" {
				t.Fatalf("taken %+v", got)
			}
			h := got[0].Header
			subject, _ := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
			for name, pair := range map[string][2]string{
				"Subject": {subject, "《数据安全》的证书已签发"}, "Message-Id": {h.Get("Message-Id"), "<0193@hourglass.example>"}, "Auto-Submitted": {h.Get("Auto-Submitted"), "auto-generated"},
				"List-Unsubscribe": {h.Get("List-Unsubscribe"), "<https://hourglass.example/api/v1/unsubscribe/x/y>"}, "List-Unsubscribe-Post": {h.Get("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click"},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
				}
			}
			if !strings.Contains(got[0].Raw, "multipart/alternative") {
				t.Error("it is not in two parts")
			}
		})
	}
}

func TestAServerThatCannotBeTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	o := mailtest.Options{User: "relay", Password: "s3cret"}
	s := mailtest.New(t, o)
	stranger := carrier(s, o)
	stranger.TLS = nil
	wrong := carrier(s, o)
	wrong.Password = "guess"
	for name, c := range map[string]mail.SMTP{"unknown certificate": stranger, "wrong password": wrong} {
		if err := c.Carry(t.Context(), letter(), fine); err == nil || errors.Is(err, mail.ErrDoubt) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(s.Taken()); n != 0 {
		t.Errorf("%d were taken", n)
	}
	if mail.Loopback("mail.example.cn") || !mail.Loopback("127.0.0.1") || !mail.Loopback("localhost") || !mail.Loopback("::1") || mail.Loopback("127.0.0.1.example.cn") {
		t.Error("this machine is not told from others")
	}
}

func TestEveryEndOfADeliveryIsToldFromTheOthers(t *testing.T) {
	t.Parallel()
	no := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	later := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	away := errors.New("the database is away")
	for _, tc := range []struct {
		name    string
		faults  mailtest.Faults
		handing func(context.Context) error
		refused *mail.Refusal
		doubt   bool
		taken   int
	}{
		{"no such mailbox", mailtest.Faults{Rcpt: func(string) error { return no }}, fine, &mail.Refusal{Code: 550, Status: "5.1.1", Recipient: true}, false, 0},
		{"greylisted", mailtest.Faults{Rcpt: func(string) error { return later }}, fine, &mail.Refusal{Code: 451, Status: "4.7.1", Recipient: true}, false, 0},
		{"refused after the text", mailtest.Faults{Data: func() error { return no }}, fine, &mail.Refusal{Code: 550, Status: "5.1.1"}, false, 0},
		{"put off after the text", mailtest.Faults{Data: func() error { return later }}, fine, &mail.Refusal{Code: 451, Status: "4.7.1"}, false, 0},
		{"no answer to the text", mailtest.Faults{Drop: func() bool { return true }}, fine, nil, true, 1},
		{"not noted before the last byte", mailtest.Faults{}, func(context.Context) error { return away }, nil, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := mailtest.New(t, mailtest.Options{})
			s.Fail(tc.faults)
			err := carrier(s, mailtest.Options{}).Carry(t.Context(), letter(), tc.handing)
			var r *mail.Refusal
			if err == nil || errors.Is(err, mail.ErrDoubt) != tc.doubt || errors.As(err, &r) != (tc.refused != nil) {
				t.Fatalf("error %v", err)
			}
			if r != nil && (r.Code != tc.refused.Code || r.Status != tc.refused.Status || r.Recipient != tc.refused.Recipient) {
				t.Errorf("refusal %+v", r)
			}
			if n := len(s.Taken()); n != tc.taken {
				t.Errorf("%d were taken", n)
			}
		})
	}
}

func TestASlowServerIsLeftWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	s := mailtest.New(t, mailtest.Options{})
	s.Fail(mailtest.Faults{Pause: 3 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	if err := carrier(s, mailtest.Options{}).Carry(ctx, letter(), fine); !errors.Is(err, mail.ErrDoubt) || time.Since(start) > 2500*time.Millisecond {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

func TestNoTextForgesAHeader(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		l := letter()
		l.Subject = rapid.StringOfN(rapid.SampledFrom([]rune("a:\r\n <>@中,\t\x00\x0b\u2028")), 0, 80, -1).Draw(t, "subject") + "\r\nBcc: thief@example.com\r\n\r\nx"
		l.Text = rapid.String().Draw(t, "text") + "\n.\nBcc: thief@example.com"
		if err := (mail.Folder{Dir: dir}).Carry(context.Background(), l, fine); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "20261125-010000-0193.eml"))
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if m.Header.Get("Bcc") != "" || len(m.Header) != 11 || m.Header.Get("To") != "<zhiyuan@example.cn>" {
			t.Fatalf("headers %v", m.Header)
		}
	})
	for _, to := range []string{"", "a@b\r\nBcc: x@y", "a@b, c@d", "Name <a@b>", "a b@c", "@c", "a@", "a@b>\r\nRCPT TO:<x@y"} {
		l := letter()
		l.To = to
		if err := (mail.Folder{Dir: dir}).Carry(t.Context(), l, fine); !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v", to, err)
		}
	}
	l := letter()
	l.To = "知远@例子.中国"
	s := mailtest.New(t, mailtest.Options{})
	if err := carrier(s, mailtest.Options{}).Carry(t.Context(), l, fine); err != nil || s.Taken()[0].To != "知远@xn--fsqu00a.xn--fiqs8s" {
		t.Errorf("%v %+v", err, s.Taken())
	}
}
