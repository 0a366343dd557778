package audit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// forbidden are words that no name of a field may hold: what stands under such
// a name is a secret, and the trail is read by many and never rewritten.
var forbidden = []string{"password", "passphrase", "secret", "token", "cookie", "recovery_code", "totp", "private_key", "credential", "id_number", "identity_number", "document_number", "national_id", "passport"}

// permitted are names that hold such a word and no secret: they say that
// something is there, or which one by its public id.
var permitted = []string{"token_id", "credential_id", "has_password", "has_secret", "token_name", "recovery_codes_left"}

// maxValue bounds what is kept of one side of a deed: bytes of JSON.
const maxValue = 64 << 10

// resident is what a Chinese resident number looks like, in running text too.
var resident = regexp.MustCompile(`\b[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b`)

// Clean is one side of an event as it may be kept: JSON, nil for nothing. A
// field whose name says that it is a secret is a mistake in the program and
// fails the deed; an identity number that somebody typed into a text is masked.
func Clean(value any) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if len(data) > maxValue {
		return nil, fault.New(fault.TooLarge, "what is to be kept of this deed is too large")
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if name := secretIn(tree); name != "" {
		return nil, fmt.Errorf("audit: a field named %q must not stand in the trail", name)
	}
	return resident.ReplaceAll(data, []byte("******************")), nil
}

// secretIn is the first forbidden name in a tree of JSON, or "".
func secretIn(tree any) string {
	switch v := tree.(type) {
	case map[string]any:
		for name, inner := range v {
			if isSecret(name) {
				return name
			}
			if found := secretIn(inner); found != "" {
				return found
			}
		}
	case []any:
		for _, inner := range v {
			if found := secretIn(inner); found != "" {
				return found
			}
		}
	}
	return ""
}

func isSecret(name string) bool {
	plain := strings.ReplaceAll(strings.ToLower(name), "-", "_")
	if slices.Contains(permitted, plain) {
		return false
	}
	// "IDNumber" is "idnumber" here: words are compared without what parts them.
	run := strings.ReplaceAll(plain, "_", "")
	return slices.ContainsFunc(forbidden, func(word string) bool { return strings.Contains(run, strings.ReplaceAll(word, "_", "")) })
}
