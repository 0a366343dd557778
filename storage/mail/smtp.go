package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// SMTP hands letters to one server, each over a connection of its own.
type SMTP struct {
	Host     string // name or address, by which its certificate is checked
	Port     string
	Implicit bool // TLS from the first byte (smtps://); else STARTTLS
	User     string
	Password string
	Hello    string      // our name, which servers may want to resolve (RFC 5321, section 4.1.4); "": localhost
	TLS      *tls.Config // nil: the system's roots, TLS 1.2 at least
}

// Refusal is a server's answer that it does not take a letter.
type Refusal struct {
	Code      int
	Status    string // RFC 3463; "": the server told none
	Text      string
	Recipient bool // it answered RCPT
}

func (r *Refusal) Error() string { return fmt.Sprintf("the server says %d %s", r.Code, r.Text) }

// ErrDoubt says that the whole letter was handed over and no answer came: it
// may have been taken.
var ErrDoubt = errors.New("the letter was handed over and nothing came back")

const (
	dialTime = 20 * time.Second
	// answerTime bounds the whole of a delivery. RFC 5321, section 4.5.3.2
	// grants a server ten minutes after the last byte; a relay of one's own needs seconds.
	answerTime = 2 * time.Minute
)

// Carry delivers one letter. Before the last byte of it goes out, handing is
// called: whatever happens until it returned, the server did not take the
// letter; after it, ErrDoubt is the error when nobody knows. A *Refusal is the
// server's definite no, every other error means that nothing was delivered.
func (s SMTP) Carry(ctx context.Context, l Letter, handing func(context.Context) error) error {
	e, err := seal(l)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	defer func() { _ = conn.Close() }()
	// A cancelled context ends a read or a write under way.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c, err := s.greet(conn)
	if err != nil {
		return fmt.Errorf("greet the mail server: %w", refusal(err, false))
	}
	if err := deliver(ctx, c, e, handing); err != nil {
		return err
	}
	_ = c.Quit() // it has been taken, whatever comes now
	return nil
}

func (s SMTP) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime}
	address := net.JoinHostPort(s.Host, s.Port)
	if s.Implicit {
		return (&tls.Dialer{NetDialer: &d, Config: s.config()}).DialContext(ctx, "tcp", address)
	}
	return d.DialContext(ctx, "tcp", address)
}

func (s SMTP) config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		c = s.TLS.Clone()
	}
	c.ServerName = s.Host
	return c
}

// errPlain: nothing is sent in the clear over a network, neither a password nor a letter.
var errPlain = errors.New("the mail server does not offer STARTTLS; without it mail goes to this machine alone")

func (s SMTP) greet(conn net.Conn) (*smtp.Client, error) {
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, err
	}
	if s.Hello != "" {
		if err := c.Hello(s.Hello); err != nil {
			return nil, err
		}
	}
	if !s.Implicit {
		if err := s.encrypt(c); err != nil {
			return nil, err
		}
	}
	if s.User == "" {
		return c, nil
	}
	return c, s.signIn(c)
}

func (s SMTP) encrypt(c *smtp.Client) error {
	if ok, _ := c.Extension("STARTTLS"); ok {
		return c.StartTLS(s.config())
	}
	if !Loopback(s.Host) {
		return errPlain
	}
	return nil
}

// Loopback says whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signIn takes the best of the ways the server offers.
func (s SMTP) signIn(c *smtp.Client) error {
	_, ways := c.Extension("AUTH")
	offered := strings.Fields(ways)
	for _, w := range []struct {
		name string
		auth smtp.Auth
	}{
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(s.User, s.Password)},
		{"PLAIN", smtp.PlainAuth("", s.User, s.Password, s.Host, false)},
		{"LOGIN", smtp.LoginAuth(s.User, s.Password, s.Host, false)},
	} {
		for _, o := range offered {
			if strings.EqualFold(o, w.name) {
				return c.Auth(w.auth)
			}
		}
	}
	return errors.New("the mail server offers no way to sign in that is known here")
}

func deliver(ctx context.Context, c *smtp.Client, e envelope, handing func(context.Context) error) error {
	if err := c.Mail("<" + e.from + ">"); err != nil {
		return fmt.Errorf("name the sender: %w", refusal(err, false))
	}
	if err := c.Rcpt("<" + e.to + ">"); err != nil {
		return fmt.Errorf("name the recipient: %w", refusal(err, true))
	}
	w, err := c.Data()
	if err != nil {
		return fmt.Errorf("begin the text: %w", refusal(err, false))
	}
	return handOver(ctx, w, e.message, handing)
}

// handOver sends the text and then the dot that makes it the server's.
func handOver(ctx context.Context, w io.WriteCloser, message []byte, handing func(context.Context) error) error {
	if _, err := w.Write(message); err != nil {
		return fmt.Errorf("send the text: %w", err)
	}
	if err := handing(ctx); err != nil {
		return err // without the dot the server forgets it (RFC 5321, section 4.1.1.4)
	}
	err := w.Close()
	if err == nil {
		return nil
	}
	if no := refusal(err, false); no != err { //nolint:errorlint // refusal gives back what is none
		return fmt.Errorf("end the text: %w", no)
	}
	return fmt.Errorf("%w: %w", ErrDoubt, err)
}

var status = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})[ \n]`)

// refusal is a server's answer as a *Refusal; any other error as it is.
func refusal(err error, recipient bool) error {
	var reply *textproto.Error
	if !errors.As(err, &reply) || reply.Code < 400 || reply.Code > 599 {
		return err
	}
	r := &Refusal{Code: reply.Code, Text: cut(reply.Msg, 400), Recipient: recipient}
	if m := status.FindStringSubmatch(reply.Msg + " "); m != nil {
		r.Status = m[1]
	}
	return r
}

// cut is text on one line of at most n characters.
func cut(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " "))
	return string(runes[:min(n, len(runes))])
}
