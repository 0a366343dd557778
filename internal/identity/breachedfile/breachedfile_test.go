package breachedfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/identity/breachedfile"
)

func TestAPasswordIsFoundByItsRange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// SHA-1 of "password" is 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8.
	lines := "003D68EB55068C33ACE09247EE4C639306B:3\r\n1e4c9b93f3f0682250b6cf8331b7ee68fd8:9545824\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD9:1\r\n"
	if err := os.WriteFile(filepath.Join(dir, "5BAA6.txt"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := breachedfile.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{"password": true, "password ": false, "a range without a file": false} {
		if got, err := list.Breached(t.Context(), password); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
	for _, missing := range []string{filepath.Join(dir, "none"), filepath.Join(dir, "5BAA6.txt")} {
		if _, err := breachedfile.Open(missing); err == nil {
			t.Errorf("%s was opened", missing)
		}
	}
}
