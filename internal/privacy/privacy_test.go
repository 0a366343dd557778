package privacy

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// A text that people agreed to is never changed: add a version instead, and its digest here.
var digests = map[string]string{
	"identity-number 1": "ea4b26ee363789bc8d989bb9c20039a2dd500e4083a747e7c57e3d57dfee7ac4",
}

func TestATextThatWasAgreedToNeverChanges(t *testing.T) {
	t.Parallel()
	last := map[string]int{}
	for _, c := range ConsentTexts {
		key := fmt.Sprint(c.Purpose, " ", c.Version)
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(c.Title.Zh+"\n"+c.Title.En+"\n"+c.Body.Zh+"\n"+c.Body.En))); got != digests[key] {
			t.Errorf("%s is %s", key, got)
		}
		if c.Version != last[c.Purpose]+1 {
			t.Errorf("%s does not follow version %d", key, last[c.Purpose])
		}
		last[c.Purpose] = c.Version
	}
	if len(digests) != len(ConsentTexts) {
		t.Errorf("%d texts, %d digests", len(ConsentTexts), len(digests))
	}
	for version, ok := range map[int]bool{0: false, 1: true, 2: false} {
		if err := Agreeable(IdentityNumber, version); (err == nil) != ok {
			t.Errorf("version %d: %v", version, err)
		}
	}
	if Agreeable("everything", 1) == nil {
		t.Error("an unknown purpose is agreed to")
	}
}

func TestWhatIsKeptIsToldInBothLanguagesWithItsNumbers(t *testing.T) {
	t.Parallel()
	for _, h := range Told(Terms{14, 7, 10, 90}) {
		for _, text := range []Text{h.Name, h.What, h.Why, h.Long} {
			if text.Zh == "" || text.En == "" || strings.ContainsAny(text.Zh+text.En, "{}") {
				t.Errorf("%s: %+v", h.Key, text)
			}
		}
	}
}
