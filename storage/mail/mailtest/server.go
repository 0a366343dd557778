// Package mailtest is a real SMTP server for tests, with faults at will.
package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Taken is a mail that the server took.
type Taken struct {
	From, To  string
	Header    mail.Header
	Raw       string
	Encrypted bool
	User      string
	Hello     string // whom the client said it is
}

// Faults are asked at each step of a delivery; nil: all goes well.
type Faults struct {
	Rcpt  func(to string) error // a *smtp.SMTPError is answered
	Data  func() error          // answered after the text; the mail is not taken
	Drop  func() bool           // take the mail, and end the connection instead of answering
	Pause time.Duration         // before the answer to the text
}

// Server takes mail on a port of this machine.
type Server struct {
	Host, Port string
	Roots      *x509.CertPool // by which its certificate is known

	mu     sync.Mutex
	taken  []Taken
	faults Faults
}

// Options say what a server offers.
type Options struct {
	Plain    bool // no TLS at all
	Implicit bool // TLS from the first byte
	User     string
	Password string
}

// New starts a server that ends with the test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	cert, roots := certificate(t)
	s := &Server{Roots: roots}
	back := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c, o: o}, nil }))
	back.Domain, back.ErrorLog = "mail.test", log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Host, s.Port, _ = net.SplitHostPort(l.Addr().String())
	back.EnableSMTPUTF8 = true
	back.AllowInsecureAuth = o.Plain
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	switch {
	case o.Implicit:
		l = tls.NewListener(l, config)
	case !o.Plain:
		back.TLSConfig = config
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = back.Serve(l)
	}()
	t.Cleanup(func() {
		_ = back.Close()
		<-done
	})
	return s
}

// Fail makes the deliveries from now on go wrong.
func (s *Server) Fail(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

func (s *Server) now() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// Taken are the mails that were taken until now.
func (s *Server) Taken() []Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Taken(nil), s.taken...)
}

// session is one connection.
type session struct {
	server   *Server
	conn     *smtp.Conn
	o        Options
	user     string
	from, to string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.o.User || password != s.o.Password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.o.User != "" && s.user == "" {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if f := s.server.now().Rcpt; f != nil {
		return f(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f := s.server.now()
	if f.Data != nil {
		if err := f.Data(); err != nil {
			return err
		}
	}
	if err := s.take(string(raw)); err != nil {
		return err
	}
	time.Sleep(f.Pause)
	if f.Drop != nil && f.Drop() {
		_ = s.conn.Conn().Close()
	}
	return nil
}

func (s *session) take(raw string) error {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return err
	}
	_, encrypted := s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.taken = append(s.server.taken, Taken{s.from, s.to, m.Header, raw, encrypted, s.user, s.conn.Hostname()})
	return nil
}

// certificate makes one for this machine that its pool knows.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
