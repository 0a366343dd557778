// Package people knows who a person is by their identity document, how that is
// shown masked, and when two records are put together as one person's.
package people

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// DocumentKind is what a person proves their identity by.
type DocumentKind string

// The kinds of document.
const (
	ResidentCard    DocumentKind = "resident_card"    // 居民身份证
	ResidencePermit DocumentKind = "residence_permit" // 港澳台居民居住证
	MainlandPermit  DocumentKind = "mainland_permit"  // 港澳居民来往内地通行证
	TaiwanPermit    DocumentKind = "taiwan_permit"    // 台湾居民来往大陆通行证
	Passport        DocumentKind = "passport"         // 护照
	Other           DocumentKind = "other"            // 其他证件
)

// Document is a person's real name and number, in the open: it is sealed
// before it is kept, and neither logged nor shown to anybody else.
type Document struct {
	Kind   DocumentKind
	Name   string
	Number string
}

// Bounds of a document, in characters.
const (
	MaxName   = 100
	MaxNumber = 40
)

// forms are the numbers of each kind, as they are normalised.
var forms = map[DocumentKind]struct {
	form *regexp.Regexp
	says string
}{
	ResidentCard:    {regexp.MustCompile(`^[1-8][0-9]{16}[0-9X]$`), "must be the 18 characters on the card"},
	ResidencePermit: {regexp.MustCompile(`^8[123]0000[0-9]{11}[0-9X]$`), "must be the 18 characters on the permit, beginning with 810000, 820000 or 830000"},
	MainlandPermit:  {regexp.MustCompile(`^[HM][0-9]{8}([0-9]{2})?$`), "must be H or M and 8 digits, or 10 with the issue"},
	TaiwanPermit:    {regexp.MustCompile(`^[0-9]{8}([0-9]{2})?$`), "must be 8 digits, or 10 with the issue"},
	Passport:        {regexp.MustCompile(`^[A-Z0-9]{5,15}$`), "must be 5 to 15 letters and digits"},
	Other:           {regexp.MustCompile(`^[A-Z0-9]{4,40}$`), "must be 4 to 40 letters and digits"},
}

// Checked is the document as it is kept. The error names every field that is
// not right, and never repeats what was written.
func (d Document) Checked(today time.Time) (Document, error) {
	var bad fault.Fields
	d.Name, d.Number = TidyName(d.Name), NormalNumber(d.Kind, d.Number)
	checkName(d.Name, &bad)
	f, known := forms[d.Kind]
	switch {
	case !known:
		bad.Add("body.kind", "is not a kind of document")
	case !f.form.MatchString(d.Number):
		bad.Add("body.number", "%s", f.says)
	case d.Kind == ResidentCard || d.Kind == ResidencePermit:
		if err := checkCitizenNumber(d.Number, today); err != nil {
			bad.Add("body.number", "%s", err)
		}
	}
	return d, bad.Err("the document is not right like this")
}

// NormalNumber writes a number in the one way by which it is compared: half
// width, upper case, without spaces, dots and hyphens. The issue of a permit
// counts up when it is renewed and is no part of who its holder is.
func NormalNumber(k DocumentKind, number string) string {
	if len(number) > 8*MaxNumber {
		return ""
	}
	number = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-‐‑–—·.", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(number))
	switch {
	case k == MainlandPermit && len(number) == 11:
		return number[:9]
	case k == TaiwanPermit && len(number) == 10:
		return number[:8]
	}
	return number
}

// provinces are the first two digits of GB/T 2260, and 83 as residence permits have it.
var provinces = []string{
	"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46",
	"50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
}

// checkCitizenNumber judges 18 characters by GB 11643: a region, a date of
// birth that was, and the check character (ISO 7064, MOD 11-2).
func checkCitizenNumber(n string, today time.Time) error {
	if !slices.Contains(provinces, n[:2]) || (n[2:6] == "0000" && n[0] != '8') {
		return fmt.Errorf("must begin with the code of a region")
	}
	born, err := time.Parse("20060102", n[6:14])
	if err != nil || born.Year() < 1900 || born.After(today) {
		return fmt.Errorf("must hold a date of birth in its 7th to 14th digits")
	}
	if checkCharacter(n[:17]) != n[17] {
		return fmt.Errorf("does not fit its check character; please look for a mistyped digit")
	}
	return nil
}

// checkCharacter is that of 17 digits.
func checkCharacter(digits string) byte {
	sum := 0
	for i := range 17 {
		sum += int(digits[i]-'0') * (1 << (17 - i) % 11)
	}
	return "10X98765432"[sum%11]
}

// dots are what people type for the dot within names of minorities; U+00B7 is the right one.
var dots = strings.NewReplacer("•", "·", "‧", "·", "∙", "·", "・", "·", "･", "·", "．", "·", "᛫", "·")

// TidyName makes names that look the same be the same.
func TidyName(name string) string {
	return strings.Join(strings.Fields(dots.Replace(norm.NFC.String(name))), " ")
}

// checkName accepts what stands on documents: letters of any script with their
// marks, the variation selectors of rare ideographs, and the few signs within
// names. No digits, pictures or marks that turn the direction of writing.
func checkName(name string, bad *fault.Fields) {
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.Is(unicode.M, r), strings.ContainsRune(" ·'’-.,", r):
		default:
			bad.Add("body.name", "must hold letters alone, as they stand on the document; no digits, pictures or invisible marks")
			return
		}
	}
	switch {
	case letters == 0 || !utf8.ValidString(name):
		bad.Add("body.name", "is required, as it stands on the document")
	case utf8.RuneCountInString(name) > MaxName:
		bad.Add("body.name", "must be at most %d characters", MaxName)
	}
}

// Held is a person's document as it may be shown.
type Held struct {
	Kind   DocumentKind
	Name   string // masked
	Number string // masked
	At     time.Time
}

// Masked is the document as everybody may be shown it.
func (d Document) Masked(at time.Time) Held {
	return Held{d.Kind, MaskName(d.Name), MaskNumber(d.Number), at}
}

// Outcome is what came of a document that was entered.
type Outcome struct {
	// Merge is set when the number stands in another record already: officers
	// decide whether the two are one person's.
	Merge *uuid.UUID
}
