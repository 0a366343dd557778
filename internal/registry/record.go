package registry

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Record is the canonical text of an entry, whose RFC 6962 leaf hash stands in
// the ledger's tree. Version 1: one "name: value" a line in this order; texts
// are JSON strings, times RFC 3339 in UTC to the microsecond, what is absent is "-".
func (e Entry) Record() []byte {
	var b bytes.Buffer
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\n", name, value) }
	b.WriteString("hourglass ledger entry v1\n")
	line("index", fmt.Sprint(e.Index))
	line("id", e.ID.String())
	line("kind", e.Kind)
	line("person", e.PersonID.String())
	line("year", fmt.Sprint(e.Year))
	line("subject", string(e.Subject))
	line("hours", e.Hours.String())
	line("source", e.SourceKey)
	line("course", idOrDash(e.CourseID))
	line("version", idOrDash(e.VersionID))
	line("title_zh", quoted(e.Title.Zh))
	line("title_en", quoted(e.Title.En))
	provider := "-"
	if e.Provider != nil {
		provider = e.Provider.ID.String()
	}
	line("provider", provider)
	corrects := "-"
	if e.Corrects != nil {
		corrects = fmt.Sprint(*e.Corrects)
	}
	line("corrects", corrects)
	line("reason", quoted(e.Reason))
	line("earned_at", stamp(e.EarnedAt))
	line("recorded_at", stamp(e.RecordedAt))
	return b.Bytes()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

func idOrDash(id *uuid.UUID) string {
	if id == nil {
		return "-"
	}
	return id.String()
}

// Certificate proves what one entry registers.
type Certificate struct {
	Serial   string
	Holder   string // the name as it stood on the day
	Issuer   Text
	IssuedAt time.Time
	Entry    Entry
	// CorrectedBy is the reason of a later entry that takes the hours back; "": it holds.
	CorrectedBy string
}

// crockford is Crockford's base 32: no I, L, O, U, so that a serial can be
// read aloud and typed from paper.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// drawn is how many of its characters new serials use: all but Z, which the
// check character cannot tell from 0. Serials with a Z stay readable.
const drawn = 31

// NewSerial is a serial that nobody can guess: HG-<year>-XXXX-XXXX-C with 39
// random bits and a check character.
func NewSerial(year int) string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	n := binary.BigEndian.Uint64(random[:])
	var body [8]byte
	for i := range body {
		body[i] = crockford[n%drawn]
		n /= drawn
	}
	s := fmt.Sprintf("%04d%s", year, body[:])
	return fmt.Sprintf("HG-%04d-%s-%s-%c", year, body[:4], body[4:], check(s))
}

// check is a weighted sum modulo 31 (a prime): every single wrong character of
// those drawn and every exchange of two neighbours changes it.
func check(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += (i + 2) * strings.IndexByte(crockford, s[i])
	}
	return crockford[sum%drawn]
}

// ErrSerial is the answer to what cannot be a serial.
var ErrSerial = fault.Coded(fault.Invalid, "not-a-serial", "This is not a certificate's serial number: please check for a mistyped character.", fault.Field{Path: "path.serial", Message: "must be like HG-2026-XXXX-XXXX-C, and its check character must fit"})

// ParseSerial reads what people type: any case, O for 0, I and L for 1, with
// or without hyphens and spaces. The check character finds the rest of the slips.
func ParseSerial(text string) (string, error) {
	text = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	body, ok := strings.CutPrefix(text, "HG")
	if !ok || len(body) != 13 {
		return "", ErrSerial
	}
	for i := range len(body) {
		if strings.IndexByte(crockford, body[i]) < 0 || (i < 4 && body[i] > '9') {
			return "", ErrSerial
		}
	}
	if check(body[:12]) != body[12] {
		return "", ErrSerial
	}
	return "HG-" + body[:4] + "-" + body[4:8] + "-" + body[8:12] + "-" + body[12:], nil
}
