package roster

import "strings"

// Defuse writes a text so that no spreadsheet takes it for a formula (OWASP,
// "CSV Injection"): an apostrophe before what would begin one.
func Defuse(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// undefused takes the apostrophe away again from what we wrote ourselves.
func undefused(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(rest) && !strings.HasPrefix(rest, "=") {
		return rest
	}
	return s
}

func risky(s string) bool {
	return s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0])
}
