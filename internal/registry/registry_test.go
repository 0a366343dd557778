package registry

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

var founding = Policy{Required: 7200, PublicNum: 1, PublicDen: 3}

func TestAYearsAccount(t *testing.T) {
	t.Parallel()
	pro := func(h Hours) Entry { return Entry{Kind: "registered", Subject: Professional, Hours: h} }
	pub := func(h Hours) Entry { return Entry{Kind: "registered", Subject: Public, Hours: h} }
	take := func(at int64, s Subject, h Hours) Entry {
		return Entry{Kind: "correction", Subject: s, Hours: -h, Corrects: &at}
	}
	again := func(e Entry) Entry { e.Repeats = true; return e }
	for _, tc := range []struct {
		name                   string
		entries                []Entry
		professional, public   Hours
		missing, recordedTotal Hours
	}{
		{"an empty year misses everything", nil, 0, 0, 7200, 0},
		{"public hours count up to a third", []Entry{pub(2000), pub(1000)}, 0, 2400, 4800, 3000},
		{"exactly the duty is met", []Entry{pub(2400), pro(4800)}, 4800, 2400, 0, 7200},
		{"public alone never meets it", []Entry{pub(9000)}, 0, 2400, 4800, 9000},
		{"professional hours have no cap", []Entry{pro(9000)}, 9000, 0, 0, 9000},
		{"a course that another record has hours for counts once", []Entry{pro(4000), again(pro(4000)), again(pub(600))}, 4000, 0, 3200, 8600},
		{"taking back what did not count takes nothing", []Entry{pro(4000), again(pro(1000)), take(1, Professional, 1000)}, 4000, 0, 3200, 4000},
		{"a correction takes professional hours", []Entry{pro(4000), take(0, Professional, 1000)}, 3000, 0, 4200, 3000},
		{"a correction below the cap makes room", []Entry{pub(2000), pub(2000), take(0, Public, 2000)}, 0, 2000, 5200, 2000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for i := range tc.entries {
				tc.entries[i].Index = int64(i)
			}
			a := Count(2026, founding, tc.entries)
			if a.Counted.Professional != tc.professional || a.Counted.Public != tc.public || a.Missing() != tc.missing || a.Recorded.Professional+a.Recorded.Public != tc.recordedTotal {
				t.Errorf("counted %+v of %+v, missing %s", a.Counted, a.Recorded, a.Missing())
			}
		})
	}
}

func TestTheCapHoldsAndOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Required: Hours(rapid.IntRange(1, 20_000).Draw(t, "required")), PublicNum: rapid.IntRange(0, 3).Draw(t, "num"), PublicDen: 3}
		var entries []Entry
		for i := range rapid.IntRange(0, 30).Draw(t, "entries") {
			s := Professional
			if rapid.Bool().Draw(t, "public") {
				s = Public
			}
			entries = append(entries, Entry{Index: int64(i), Subject: s, Hours: Hours(rapid.IntRange(1, 5000).Draw(t, "hours"))})
		}
		a := Count(2026, p, entries)
		rand.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		b := Count(2026, p, entries)
		if a.Counted != b.Counted || a.Recorded != b.Recorded {
			t.Fatalf("counted %+v and in another order %+v", a.Counted, b.Counted)
		}
		var sum Hours
		for _, e := range a.Entries {
			sum += e.Counts
		}
		if a.Counted.Public > p.PublicCap() || sum != a.Total() {
			t.Fatalf("public %s over the cap %s, or lines %s are not the total %s", a.Counted.Public, p.PublicCap(), sum, a.Total())
		}
	})
}

// What stands after corrections counts as if it alone had ever been registered.
func TestCorrectionsLeaveAnAccountOfWhatStands(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Required: Hours(rapid.IntRange(1, 9000).Draw(t, "required")), PublicNum: 1, PublicDen: 3}
		var entries []Entry
		for i := range rapid.IntRange(0, 12).Draw(t, "entries") {
			s := rapid.SampledFrom([]Subject{Professional, Public}).Draw(t, "subject")
			entries = append(entries, Entry{Index: int64(i), Subject: s, Hours: Hours(rapid.IntRange(1, 3000).Draw(t, "hours"))})
		}
		var stands BySubject
		for _, e := range entries {
			taken := Hours(rapid.IntRange(0, int(e.Hours)).Draw(t, "taken"))
			if taken > 0 {
				entries = append(entries, Entry{Index: int64(len(entries)), Subject: e.Subject, Hours: -taken, Corrects: &e.Index})
			}
			if e.Subject == Public {
				stands.Public += e.Hours - taken
			} else {
				stands.Professional += e.Hours - taken
			}
		}
		a := Count(2026, p, entries)
		want := BySubject{stands.Professional, min(stands.Public, p.PublicCap())}
		if a.Recorded != stands || a.Counted != want || a.Met() != (want.Professional+want.Public >= p.Required) {
			t.Fatalf("recorded %+v and counted %+v, want %+v and %+v; met %v", a.Recorded, a.Counted, stands, want, a.Met())
		}
	})
}

func TestSerialsSurvivePaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := NewSerial(rapid.IntRange(1995, 2200).Draw(t, "year"))
		typed := strings.ToLower(strings.ReplaceAll(strings.NewReplacer("0", "o", "1", "l").Replace(s), "-", rapid.SampledFrom([]string{"", "-", " "}).Draw(t, "hyphen")))
		if got, err := ParseSerial(typed); err != nil || got != s {
			t.Fatalf("%q read as %q, %v; want %q", typed, got, err, s)
		}
	})
	for _, bad := range []string{"", "HG", "HG-2026-ABCD", "XX-2026-ABCD-EFGH-0", "HG-20Z6-ABCD-EFGH-0", "HG-2026-ABCU-EFGH-0", strings.Repeat("H", 100)} {
		if _, err := ParseSerial(bad); err == nil {
			t.Errorf("%q passes for a serial", bad)
		}
	}
}

func TestTheCheckCharacterFindsEverySlipOfTheHand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := NewSerial(rapid.IntRange(1995, 2200).Draw(t, "year"))
		if strings.ContainsRune(s, 'Z') {
			t.Fatalf("%s has a Z, which is a 0 to its check character", s)
		}
		for at := 3; at < len(s); at++ {
			for _, c := range []byte(crockford[:drawn]) {
				wrong := []byte(s)
				wrong[at] = c
				if _, err := ParseSerial(string(wrong)); s[at] != '-' && c != s[at] && err == nil {
					t.Fatalf("%s passes for %s", wrong, s)
				}
			}
			swapped := []byte(s)
			swapped[at-1], swapped[at] = s[at], s[at-1]
			if _, err := ParseSerial(string(swapped)); s[at] != '-' && s[at-1] != '-' && s[at] != s[at-1] && err == nil {
				t.Fatalf("%s passes for %s", swapped, s)
			}
		}
	})
	const before = "HG-2026-7K3M-Q9ZD-" // serials that were issued with a Z hold
	if _, err := ParseSerial(before + string(check("20267K3MQ9ZD"))); err != nil {
		t.Error(err)
	}
}

func TestTheRecordIsCanonical(t *testing.T) {
	t.Parallel()
	e := Entry{Index: 7, ID: uuid.MustParse("019a0000-0000-7000-8000-000000000001"), Kind: "registered", Year: 2026, Subject: Public, Hours: 250, SourceKey: "enrolment:x", Title: Text{Zh: "灌溉 \"A\"\n", En: "<b>"}, EarnedAt: time.Date(2026, 11, 23, 8, 0, 0, 1500, time.FixedZone("", 8*3600)), RecordedAt: time.Unix(0, 0)}
	want := "hourglass ledger entry v1\nindex: 7\nid: 019a0000-0000-7000-8000-000000000001\nkind: registered\nperson: 00000000-0000-0000-0000-000000000000\nyear: 2026\nsubject: public\nhours: 2.50\nsource: enrolment:x\ncourse: -\nversion: -\ntitle_zh: \"灌溉 \\\"A\\\"\\n\"\ntitle_en: \"<b>\"\nprovider: -\ncorrects: -\nreason: \"\"\nearned_at: 2026-11-23T00:00:00.000001Z\nrecorded_at: 1970-01-01T00:00:00.000000Z\n"
	if got := string(e.Record()); got != want {
		t.Errorf("record\n%s\nwant\n%s", got, want)
	}
}

func TestACheckpointIsVerifiedByItsKeyAlone(t *testing.T) {
	t.Parallel()
	secret, public, err := note.GenerateKey(nil, "hours.example")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Sign(3, tlog.RecordHash([]byte("x")))
	if err != nil || c.Key != public {
		t.Fatalf("checkpoint %+v, %v; the key should be %s", c, err, public)
	}
	v, err := note.NewVerifier(c.Key)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(c.Note), note.VerifierList(v)); err != nil || !strings.HasPrefix(n.Text, "hours.example\n3\n") {
		t.Errorf("opened %+v, %v", n, err)
	}
	if _, err := NewSigner("PRIVATE+KEY+nonsense"); err == nil {
		t.Error("nonsense passes for a key")
	}
}
