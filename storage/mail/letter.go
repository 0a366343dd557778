// Package mail writes letters as RFC 5322 has them and hands them to a server
// over SMTP, or into a folder. It knows no domain.
package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// Letter is one mail to one address.
type Letter struct {
	ID      string // left of the @ of its Message-ID; the same whenever it is sent
	From    string // "Name <address>", or an address
	To      string // an address alone
	Subject string
	Text    string
	HTML    string
	Locale  string
	Date    time.Time
	// Unsubscribe, when set, is the address that takes one-click unsubscription (RFC 8058).
	Unsubscribe string
}

// ErrAddress says that the letter's address is not one that mail can be sent to.
var ErrAddress = errors.New("not an address of mail")

// envelope is a letter as it goes to the server.
type envelope struct {
	from, to string
	message  []byte
}

// seal writes a letter. No text of it can begin a header or a recipient of its
// own: headers are encoded, and an address with a line break is none.
func seal(l Letter) (e envelope, err error) {
	from, err := netmail.ParseAddress(l.From)
	if err != nil {
		return e, fmt.Errorf("sender: %w", err)
	}
	if e.to, err = deliverable(l.To); err != nil {
		return e, err
	}
	e.from = from.Address
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingB64))
	m.FromMailAddress(from)
	m.ToMailAddress(&netmail.Address{Address: e.to})
	m.Subject(strings.Join(strings.Fields(l.Subject), " "))
	m.SetMessageIDWithValue(l.ID + "@" + from.Address[strings.LastIndex(from.Address, "@")+1:])
	m.SetDateWithValue(l.Date)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notice may answer it
	m.SetGenHeader("Content-Language", l.Locale)
	if l.Unsubscribe != "" {
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetListUnsubscribePost()
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return e, fmt.Errorf("write mail: %w", err)
	}
	e.message = b.Bytes()
	return e, nil
}

// deliverable is an address with its domain as servers know it (punycode).
func deliverable(address string) (string, error) {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Name != "" || len(address) > 254 || strings.ContainsAny(a.Address, "\r\n<> ") {
		return "", ErrAddress
	}
	at := strings.LastIndex(a.Address, "@")
	domain, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil {
		return "", ErrAddress
	}
	return a.Address[:at+1] + domain, nil
}
