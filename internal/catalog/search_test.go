package catalog

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextIsSplitIntoWhatIsSearchedFor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"Latin words are lower case", "Drip Irrigation", "drip irrigation"},
		{"Chinese is characters and pairs", "节水灌", "节 节水 水 水灌 灌"},
		{"a change of script ends a word", "5G网络", "5g 网 网络 络"},
		{"full width is plain", "ＡＩ１", "ai1"},
		{"punctuation ends a word", "e-learning：网，络", "e learning 网 络"},
		{"an accent stays with its letter", "cafe\u0301", "café"},
		{"nothing is in nothing", " !?，", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(Words(tc.text), " "); got != tc.want {
				t.Errorf("split into %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAQueryIsWrittenForPostgreSQL(t *testing.T) {
	t.Parallel()
	stems := Stems{"the": "", "of": "", "irrigation": "irrig", "water": "water"}
	for _, tc := range []struct{ name, text, want string }{
		{"two Chinese characters as a pair", "节水", "'节水'"},
		{"of more, each character in a pair it stands in", "节水灌溉", "'节水' & ('节水' | '水灌') & ('水灌' | '灌溉') & '灌溉'"},
		{"one Chinese character by itself", "水", "'水'"},
		{"the word being typed may go on", "wat", "'wat':*"},
		{"a finished word may not", "water ", "'water'"},
		{"a word or its stem", "irrigation of", "('irrigation' | 'irrig')"},
		{"stop words are left out", "the water ", "'water'"},
		{"unless there is nothing else", "the of ", "'the' & 'of'"},
		{"operators are only words apart", "water & !'x' | (y:*)", "'water' & 'x' & 'y'"},
		{"nothing is asked for", " &!", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ParseQuery(tc.text).TSQuery(stems); got != tc.want {
				t.Errorf("written %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAQueryIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"many words":                         strings.Repeat("a ", 200),
		"much Chinese":                       strings.Repeat("水", 200),
		"one long word":                      strings.Repeat("x", 5000),
		"signs that stand for whole words":   strings.Repeat("㌖", 200),
		"a long word whose letters are wide": "a" + strings.Repeat("é", 3000),
	} {
		q := ParseQuery(text)
		if len(q.Lexemes) > maxQueryWords || len(q.Terms) > maxQueryWords {
			t.Errorf("%s: %d words, %d terms", name, len(q.Lexemes), len(q.Terms))
		}
		for _, l := range q.Words() {
			if len(l) > maxLexeme || strings.ContainsRune(l, '\uFFFD') {
				t.Errorf("%s: a word of %d bytes", name, len(l))
			}
		}
	}
}

// Whoever types a piece of a title finds the title.
func TestEveryPieceOfATextFindsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.SampledFrom([]rune("节水灌溉网络 ab１é，-Ｘ")), 1, 40, -1).Draw(t, "text"))
		from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(text)).Draw(t, "to")
		words := Words(string(text))
		for _, l := range ParseQuery(string(text[from:to])).Words() {
			whole := slices.Contains(words, l)
			part := !isHan(l) && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, l) })
			if !whole && !part {
				t.Fatalf("%q of %q asks for %q, which is not among %q", string(text[from:to]), string(text), l, words)
			}
		}
	})
}

func TestAVectorHoldsAWordOnceAWeightAndNothingTooLong(t *testing.T) {
	t.Parallel()
	got := Vector(map[byte][]string{
		'A': {"irrigation", "irrigation", "it's", `a\b`},
		'D': {"irrigation", strings.Repeat("x", maxLexeme+1), "the"},
	}, Stems{"irrigation": "irrig", "the": ""})
	want := `'irrigation':1A 'irrig':2A 'it''s':3A 'a\\b':4A 'irrigation':5D 'irrig':6D 'the':7D`
	if got != want {
		t.Errorf("vector %s, want %s", got, want)
	}
	many := make([]string, 20_000)
	for i := range many {
		many[i] = strings.Repeat("w", 1+i%150) + string(rune('a'+i%26)) + strings.Repeat("z", i/150)
	}
	if n := strings.Count(Vector(map[byte][]string{'D': many}, nil), "D"); n != maxPosition {
		t.Errorf("%d positions, PostgreSQL keeps 16383", n)
	}
}

func TestACourseIsFoundByItsTitleFirst(t *testing.T) {
	t.Parallel()
	v := whole()
	v.Field = &Field{Name: Text{Zh: "现代农业", En: "Modern agriculture"}}
	v.Provider.NameEn = "Water College"
	w := v.SearchWords()
	for weight, word := range map[byte]string{'A': "saving", 'B': "agriculture", 'C': "saving", 'D': "college"} {
		if !slices.Contains(w[weight], word) {
			t.Errorf("%c has %v and not %s", weight, w[weight], word)
		}
	}
	if slices.Contains(w['A'], "college") {
		t.Error("the provider's name is found before titles")
	}
}
