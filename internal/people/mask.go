package people

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaskName leaves the first and the last character of each part of a name
// written in Chinese, 张*三, and the first letter of other words, J***.
func MaskName(name string) string {
	var out strings.Builder
	word := []rune(nil)
	flush := func() {
		out.WriteString(maskWord(word))
		word = nil
	}
	for _, r := range name {
		if r == ' ' || r == '·' {
			flush()
			out.WriteRune(r)
			continue
		}
		word = append(word, r)
	}
	flush()
	return out.String()
}

// maxStars keeps a mask from telling how long a name is.
const maxStars = 3

func maskWord(word []rune) string {
	parts := characters(word)
	switch n := len(parts); {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case !unicode.Is(unicode.Han, word[0]):
		return parts[0] + "***"
	case n == 2:
		return parts[0] + "*"
	default:
		return parts[0] + strings.Repeat("*", min(n-2, maxStars)) + parts[n-1]
	}
}

// characters are letters together with the marks and selectors that belong to them.
func characters(word []rune) (out []string) {
	for _, r := range word {
		if n := len(out); n > 0 && unicode.Is(unicode.M, r) {
			out[n-1] += string(r)
			continue
		}
		out = append(out, string(r))
	}
	return out
}

// MaskNumber leaves the first 5 and the last 4 of 18, 11010*********1234, and
// less of what is shorter: never more than half.
func MaskNumber(number string) string {
	n := utf8.RuneCountInString(number)
	head, tail := 5, 4
	switch {
	case n <= 4:
		head, tail = 0, 1
	case n < 18:
		head, tail = 1, min(n/4, 3)
	}
	if n <= head+tail {
		return strings.Repeat("*", n)
	}
	r := []rune(number)
	return string(r[:head]) + strings.Repeat("*", n-head-tail) + string(r[n-tail:])
}

// String masks, so that a document that gets into a log by mistake says nothing.
func (d Document) String() string {
	return string(d.Kind) + " " + MaskName(d.Name) + " " + MaskNumber(d.Number)
}

// GoString masks for %#v as String does for the rest.
func (d Document) GoString() string { return d.String() }
