package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/objects/objectstest"
)

func TestDiskHoldsTheSuite(t *testing.T) {
	t.Parallel()
	s, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	objectstest.Suite(t, s)
}

func TestALinkLeadsNowhereOutsideTheFolder(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	s, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "objects", "link")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get(t.Context(), "link/secret", 0, -1); err == nil || fault.KindOf(err) == fault.Internal {
		t.Errorf("a link out of the folder answered %v", err)
	}
}
