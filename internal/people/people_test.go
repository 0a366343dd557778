package people

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

var today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestNumbersOfDocuments(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		kind   DocumentKind
		number string
		kept   string // "": refused
	}{
		{"the example of GB 11643", ResidentCard, "11010519491231002X", "11010519491231002X"},
		{"a small x", ResidentCard, "11010519491231002x", "11010519491231002X"},
		{"full width with spaces", ResidentCard, "１１０１０５ 1949-1231 002Ｘ", "11010519491231002X"},
		{"another example of it", ResidentCard, "440524188001010014", ""}, // born in 1880
		{"a wrong check character", ResidentCard, "110105194912310021", ""},
		{"two digits exchanged", ResidentCard, "11010519491213002X", ""},
		{"an old number of 15", ResidentCard, "110105491231002", ""},
		{"a region that is none", ResidentCard, "990105" + "19491231002", ""},
		{"a day that was not", ResidentCard, numbered("110105", "19490229", "002"), ""},
		{"a leap day", ResidentCard, numbered("110105", "19480229", "002"), numbered("110105", "19480229", "002")},
		{"born tomorrow", ResidentCard, numbered("110105", "20261126", "002"), ""},
		{"born today", ResidentCard, numbered("110105", "20261125", "002"), numbered("110105", "20261125", "002")},
		{"no district", ResidentCard, numbered("110000", "19490228", "002"), ""},
		{"digits of another script", ResidentCard, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", ""},
		{"a residence permit", ResidencePermit, numbered("830000", "19900101", "001"), numbered("830000", "19900101", "001")},
		{"a card passed off as a residence permit", ResidencePermit, "11010519491231002X", ""},
		{"a permit of Hong Kong", MainlandPermit, "H12345678", "H12345678"},
		{"the same renewed", MainlandPermit, "h1234567802", "H12345678"},
		{"a permit of nowhere", MainlandPermit, "T12345678", ""},
		{"a permit of Taiwan", TaiwanPermit, "12345678", "12345678"},
		{"the same renewed", TaiwanPermit, "1234567803", "12345678"},
		{"a passport", Passport, "e 1234-5678", "E12345678"},
		{"a passport in Chinese", Passport, "护照一二三四五", ""},
		{"another document", Other, "AB-2026-0001", "AB20260001"},
		{"far too long", Other, strings.Repeat("A", 10_000), ""},
		{"nothing", Passport, " ", ""},
		{"a kind that is none", "library_card", "12345678", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Document{tc.kind, "张三", tc.number}.Checked(today)
			if (err == nil) != (tc.kept != "") || (err == nil && d.Number != tc.kept) {
				t.Fatalf("kept %q, %v; want %q", d.Number, err, tc.kept)
			}
			if err != nil && (len(fault.FieldsOf(err)) != 1 || strings.Contains(fmt.Sprint(err, fault.FieldsOf(err)), "1949")) {
				t.Errorf("%v names %v", err, fault.FieldsOf(err))
			}
		})
	}
}

// numbered adds the right check character.
func numbered(region, born, sequence string) string {
	n := region + born + sequence
	return n + string(checkCharacter(n))
}

func TestTheCheckCharacterFindsEverySingleSlipAndExchange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born := today.AddDate(0, 0, -rapid.IntRange(0, 40_000).Draw(t, "days"))
		n := numbered(rapid.SampledFrom([]string{"110105", "440305", "650102"}).Draw(t, "region"), born.Format("20060102"), fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, "sequence")))
		valid := func(n string) bool {
			_, err := Document{ResidentCard, "张三", n}.Checked(today)
			return err == nil
		}
		if !valid(n) {
			t.Fatalf("%s is refused", n)
		}
		for at := range 17 {
			for c := byte('0'); c <= '9'; c++ {
				if b := []byte(n); c != b[at] {
					b[at] = c
					if valid(string(b)) {
						t.Fatalf("%s passes for %s", b, n)
					}
				}
			}
			if b := []byte(n); at < 16 && b[at] != b[at+1] {
				b[at], b[at+1] = b[at+1], b[at]
				if valid(string(b)) {
					t.Fatalf("%s passes for %s", b, n)
				}
			}
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, given, kept, masked string }{
		{"two characters", "张三", "张三", "张*"},
		{"three", " 欧阳娜　", "欧阳娜", "欧*娜"},
		{"four", "欧阳娜娜", "欧阳娜娜", "欧**娜"},
		{"one", "娜", "娜", "*"},
		{"of a minority, with the right dot", "阿卜杜拉·买买提", "阿卜杜拉·买买提", "阿**拉·买*提"},
		{"with another dot", "迪丽热巴•迪力木拉提", "迪丽热巴·迪力木拉提", "迪**巴·迪***提"},
		{"an ideograph of extension B", "𠮷田𩸽", "𠮷田𩸽", "𠮷*𩸽"},
		{"an ideograph with a variation selector", "葛\U000E0100城三", "葛\U000E0100城三", "葛\U000E0100*三"},
		{"Latin", "Anne-Marie  O’Neill", "Anne-Marie O’Neill", "A*** O***"},
		{"a letter and its mark apart", "Zoe\u0308", "Zoë", "Z***"},
		{"Arabic script", "محمد علي", "محمد علي", "م*** ع***"},
		{"a hundred", strings.Repeat("张", 100), strings.Repeat("张", 100), "张***张"},
		{"a hundred and one", strings.Repeat("张", 101), "", ""},
		{"two hundred", strings.Repeat("张", 200), "", ""},
		{"a picture", "张三😀", "", ""},
		{"a mark that turns the writing", "张\u202e三", "", ""},
		{"a right-to-left mark", "张\u200f三", "", ""},
		{"a zero-width space", "张\u200b三", "", ""},
		{"digits", "张3", "", ""},
		{"a tag", "<b>张三</b>", "", ""},
		{"dots alone", "···", "", ""},
		{"nothing", "  ", "", ""},
		{"bytes that are no text", "张\xff", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Document{Passport, tc.given, "E12345678"}.Checked(today)
			if (err == nil) != (tc.kept != "") {
				t.Fatalf("kept %q, %v", d.Name, err)
			}
			if err == nil && (d.Name != tc.kept || MaskName(d.Name) != tc.masked) {
				t.Errorf("kept %q and shows %q, want %q and %q", d.Name, MaskName(d.Name), tc.kept, tc.masked)
			}
		})
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"110105194912311234": "11010*********1234", "E12345678": "E******78", "H12345678": "H******78", "1234": "***4", "": "", "12345": "1***5",
	} {
		if got := MaskNumber(number); got != want {
			t.Errorf("%s is shown as %s, want %s", number, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`[A-Z0-9]{1,40}`).Draw(t, "number")
		if m := MaskNumber(n); len(m) != len(n) || strings.Count(m, "*") < (len(n)+1)/2 {
			t.Fatalf("%s of %s shows more than half", m, n)
		}
	})
	d := Document{ResidentCard, "张无三", "11010519491231002X"}
	for _, text := range []string{fmt.Sprint(d), fmt.Sprintf("%v %+v %#v %s", d, d, d, d), fmt.Sprint(&d), fmt.Sprintf("%+v", []Document{d})} {
		if strings.Contains(text, "1949") || strings.Contains(text, "无") {
			t.Errorf("a log would say %s", text)
		}
	}
	if got := MaskAddress("zhang.san@example.cn"); got != "z***@example.cn" {
		t.Error(got)
	}
}

func TestWhoDecidesOnTwoRecords(t *testing.T) {
	t.Parallel()
	nation, a, b, x, y := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	for _, tc := range []struct {
		name        string
		left, right []uuid.UUID
		want        uuid.UUID
	}{
		{"of one employer", []uuid.UUID{x, a, nation}, []uuid.UUID{x, a, nation}, x},
		{"of one province", []uuid.UUID{x, a, nation}, []uuid.UUID{y, a, nation}, a},
		{"of two provinces", []uuid.UUID{x, a, nation}, []uuid.UUID{y, b, nation}, nation},
		{"of two trees", []uuid.UUID{x, a}, []uuid.UUID{y, b}, uuid.Nil},
		{"one belongs nowhere", nil, []uuid.UUID{y, b}, y},
		{"the other belongs nowhere", []uuid.UUID{x, a}, nil, x},
		{"both belong nowhere", nil, nil, uuid.Nil},
	} {
		if got := Common(tc.left, tc.right); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestADecisionWantsAReasonAndAnotherOfficer(t *testing.T) {
	t.Parallel()
	for reason, ok := range map[string]bool{"": false, " \n": false, "同一人": true, strings.Repeat("字", 2000): true, strings.Repeat("字", 2001): false} {
		if _, err := (Decision{Reason: reason}).Checked(); (err == nil) != ok {
			t.Errorf("%d characters: %v", len(reason), err)
		}
	}
	keeper, joining, officer := uuid.New(), uuid.New(), uuid.New()
	r := Review{Merge: Merge{State: MergeOpen}, Keeper: Side{PersonID: keeper}, Joining: Side{PersonID: joining}}
	for who, want := range map[uuid.UUID]bool{keeper: false, joining: false, officer: true} {
		if err := r.Decidable(who); (err == nil) != want {
			t.Errorf("%s: %v", who, err)
		}
	}
	r.State = MergeRefused
	if err := r.Decidable(officer); fault.KindOf(err) != fault.Conflict {
		t.Error(err)
	}
}
