package catalog

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Words splits text into what is searched for: every Latin word in lower case,
// every Chinese character and every pair of neighbours. PostgreSQL has no
// dictionary for Chinese; pairs find words without one.
func Words(text string) []string {
	var out []string
	for _, run := range runs(folded(text)) {
		if !isHan(run) {
			out = append(out, run)
			continue
		}
		han := []rune(run)
		for i := range han {
			out = append(out, string(han[i]))
			if i+1 < len(han) {
				out = append(out, string(han[i:i+2]))
			}
		}
	}
	return out
}

// folded makes full-width, upper-case and composed forms of a character one.
func folded(text string) string {
	return strings.ToLower(norm.NFKC.String(width.Fold.String(text)))
}

// runs are the longest pieces of letters and digits that are wholly Chinese or
// wholly not.
func runs(text string) []string {
	var out []string
	start, wasHan := -1, false
	end := func(at int) {
		if start >= 0 {
			out = append(out, text[start:at])
		}
		start = -1
	}
	for i, r := range text {
		han := unicode.Is(unicode.Han, r)
		if !han && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !(unicode.IsMark(r) && start >= 0) {
			end(i)
			continue
		}
		if start >= 0 && han != wasHan {
			end(i)
		}
		if start < 0 {
			start, wasHan = i, han
		}
	}
	end(len(text))
	return out
}

// isHan says whether a run or a word is Chinese.
func isHan(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Han, r)
}

// Latin are the different words that have an English stem.
func Latin(words []string) []string {
	var out []string
	for _, w := range words {
		if !isHan(w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Stems are the English stems of words; that of a stop word ("the") is empty.
type Stems map[string]string

// Query is what a person searches for.
type Query struct {
	Terms   []string   // to mark in titles
	Lexemes [][]string // of each of them one must be found
	Prefix  bool       // the last one may be the beginning of a word: it is still being typed
}

const maxQueryWords = 24

// ParseQuery reads a search. Of a run of Chinese every character must be found
// in one of the pairs it stands in: words that people write without a space
// between them (学时认定) need not be neighbours in what is found (学时是怎样认定的).
func ParseQuery(text string) Query {
	var q Query
	for _, run := range runs(folded(text)) {
		q.Terms = append(q.Terms, run)
		han := []rune(run)
		if !isHan(run) || len(han) == 1 {
			q.Lexemes = append(q.Lexemes, []string{cut(run)})
			continue
		}
		q.Lexemes = append(q.Lexemes, []string{string(han[:2])})
		for i := 1; i+1 < len(han); i++ {
			q.Lexemes = append(q.Lexemes, []string{string(han[i-1 : i+1]), string(han[i : i+2])})
		}
		if len(han) > 2 {
			q.Lexemes = append(q.Lexemes, []string{string(han[len(han)-2:])})
		}
	}
	q.Terms = q.Terms[:min(len(q.Terms), maxQueryWords)]
	q.Lexemes = q.Lexemes[:min(len(q.Lexemes), maxQueryWords)]
	last, _ := utf8.DecodeLastRuneInString(text)
	if n := len(q.Lexemes); n > 0 && !isHan(q.Lexemes[n-1][0]) {
		q.Prefix = unicode.IsLetter(last) || unicode.IsNumber(last)
	}
	return q
}

// cut bounds a word: PostgreSQL refuses a query with one of more than 2 kB, which
// signs that stand for whole words (㌖) reach within the bound of a search.
func cut(word string) string {
	if len(word) <= maxLexeme {
		return word
	}
	end := maxLexeme
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

// Words are all that is looked for.
func (q Query) Words() []string { return slices.Concat(q.Lexemes...) }

// TSQuery writes the query as PostgreSQL's text: every word literally or by its
// stem. Stop words are left out, unless there is nothing else. Lexemes are
// quoted, so that nothing a person types is an operator.
func (q Query) TSQuery(stems Stems) string {
	var all, kept []string
	for i, either := range q.Lexemes {
		if len(either) > 1 {
			kept = append(kept, "("+quote(either[0])+" | "+quote(either[1])+")")
			continue
		}
		l := either[0]
		part := quote(l)
		if q.Prefix && i == len(q.Lexemes)-1 {
			part += ":*"
		}
		all = append(all, part)
		stem, stemmed := stems[l]
		switch {
		case stemmed && stem == "":
			continue
		case stemmed && stem != l:
			part = "(" + part + " | " + quote(stem) + ")"
		}
		kept = append(kept, part)
	}
	if len(kept) == 0 {
		kept = all
	}
	return strings.Join(kept, " & ")
}

// A lexeme holds 2 kB and a position at most 16383; beyond that it is not worth finding.
const (
	maxLexeme   = 200
	maxPosition = 16_000
)

// Vector writes words of weights A to D, and the stems of them, as PostgreSQL's
// tsvector text.
func Vector(weighted map[byte][]string, stems Stems) string {
	var parts []string
	for _, weight := range []byte("ABCD") {
		seen := map[string]bool{"": true}
		add := func(w string) {
			if seen[w] || len(w) > maxLexeme || len(parts) >= maxPosition {
				return
			}
			seen[w] = true
			parts = append(parts, quote(w)+":"+strconv.Itoa(len(parts)+1)+string(weight))
		}
		for _, w := range weighted[weight] {
			add(w)
			add(stems[w])
		}
	}
	return strings.Join(parts, " ")
}

func quote(lexeme string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(lexeme) + "'"
}

// SearchWords is what a version is found by: its title first, then summary,
// outcomes and field, then the outline's titles, then the description and the
// provider's name.
func (v Version) SearchWords() map[byte][]string {
	w := map[byte][]string{
		'A': bothWords(v.Fields.Title),
		'B': bothWords(append([]Text{v.Fields.Summary}, v.Fields.Outcomes...)...),
		'D': bothWords(v.Fields.Description, Text{Zh: v.Provider.NameZh, En: v.Provider.NameEn}),
	}
	if v.Field != nil {
		w['B'] = append(w['B'], bothWords(v.Field.Name)...)
	}
	for _, c := range v.Chapters {
		w['C'] = append(w['C'], bothWords(c.Title)...)
		for _, l := range c.Lessons {
			w['C'] = append(w['C'], bothWords(l.Title)...)
		}
	}
	return w
}

func bothWords(texts ...Text) (out []string) {
	for _, t := range texts {
		out = append(append(out, Words(t.Zh)...), Words(t.En)...)
	}
	return out
}
