package catalog

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Words splits text into what is searched for: every Latin word in lower case,
// every Chinese character and every pair of neighbours. PostgreSQL has no
// dictionary for Chinese; pairs find words without one.
func Words(text string) []string {
	text = strings.ToLower(norm.NFKC.String(width.Fold.String(text)))
	var out []string
	var latin, han []rune
	flush := func() {
		if len(latin) > 0 {
			out = append(out, string(latin))
		}
		for i := range han {
			out = append(out, string(han[i]))
			if i+1 < len(han) {
				out = append(out, string(han[i:i+2]))
			}
		}
		latin, han = latin[:0], han[:0]
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			if len(latin) > 0 {
				flush()
			}
			han = append(han, r)
		case unicode.IsLetter(r), unicode.IsNumber(r):
			if len(han) > 0 {
				flush()
			}
			latin = append(latin, r)
		default:
			flush()
		}
	}
	flush()
	return out
}

// Query is what a person searches for, as terms to mark and as a tsquery.
type Query struct {
	Terms []string // to mark in titles
	// Lexemes must all be found; the last Latin word may be the beginning of one.
	Lexemes []string
	Prefix  bool
}

const maxQueryWords = 24

// ParseQuery reads a search. A run of Chinese is looked for by its pairs, so
// that neighbours stay neighbours; a single character by itself.
func ParseQuery(text string) Query {
	var q Query
	q.Prefix = text != "" && !unicode.IsSpace([]rune(text)[len([]rune(text))-1])
	for field := range strings.FieldsSeq(strings.ToLower(norm.NFKC.String(width.Fold.String(text)))) {
		words := Words(field)
		var kept []string
		for i, w := range words {
			single := len([]rune(w)) == 1 && unicode.Is(unicode.Han, []rune(w)[0])
			paired := single && (i+1 < len(words) && len([]rune(words[i+1])) == 2 && strings.HasPrefix(words[i+1], w) ||
				i > 0 && len([]rune(words[i-1])) == 2 && strings.HasSuffix(words[i-1], w))
			if !paired {
				kept = append(kept, w)
			}
		}
		q.Lexemes = append(q.Lexemes, kept...)
		if len(words) > 0 {
			q.Terms = append(q.Terms, strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
		}
	}
	q.Lexemes = q.Lexemes[:min(len(q.Lexemes), maxQueryWords)]
	q.Terms = q.Terms[:min(len(q.Terms), maxQueryWords)]
	if n := len(q.Lexemes); n == 0 || unicode.Is(unicode.Han, []rune(q.Lexemes[n-1])[0]) {
		q.Prefix = false
	}
	return q
}

// TSQuery writes the query as PostgreSQL's text; lexemes are quoted, so that
// nothing a person types is an operator.
func (q Query) TSQuery() string {
	parts := make([]string, len(q.Lexemes))
	for i, l := range q.Lexemes {
		parts[i] = quote(l)
		if q.Prefix && i == len(q.Lexemes)-1 {
			parts[i] += ":*"
		}
	}
	return strings.Join(parts, " & ")
}

// Vector writes words of weights A to D as PostgreSQL's tsvector text.
func Vector(weighted map[byte][]string) string {
	var parts []string
	at := 1
	for _, weight := range []byte("ABCD") {
		seen := map[string]bool{}
		for _, w := range weighted[weight] {
			// A lexeme holds 2 kB, a position at most 16383: beyond that it is not worth finding.
			if seen[w] || len(w) > 200 || at > 16_000 {
				continue
			}
			seen[w] = true
			parts = append(parts, quote(w)+":"+strconv.Itoa(at)+string(weight))
			at++
		}
	}
	return strings.Join(parts, " ")
}

func quote(lexeme string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(lexeme) + "'"
}

// SearchVector is what a version is found by: its title first, then summary and
// outcomes, then lessons, then the description and the provider's name.
func (v Version) SearchVector() string {
	both := func(ts ...Text) (out []string) {
		for _, t := range ts {
			out = append(out, Words(t.Zh)...)
			out = append(out, Words(t.En)...)
		}
		return out
	}
	w := map[byte][]string{
		'A': both(v.Fields.Title),
		'B': both(append([]Text{v.Fields.Summary}, v.Fields.Outcomes...)...),
		'D': append(both(v.Fields.Description), append(Words(v.Provider.NameZh), Words(v.Provider.NameEn)...)...),
	}
	if v.Field != nil {
		w['B'] = append(w['B'], both(v.Field.Name)...)
	}
	for _, c := range v.Chapters {
		w['C'] = append(w['C'], both(c.Title)...)
		for _, l := range c.Lessons {
			w['C'] = append(w['C'], both(l.Title)...)
		}
	}
	return Vector(w)
}
