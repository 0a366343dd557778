package mail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder keeps letters as .eml files instead of sending them: one opens them
// with any mail program. For demonstrations.
type Folder struct{ Dir string }

// Carry writes the letter under the name of its id: however often it is carried, it lies there once.
func (f Folder) Carry(ctx context.Context, l Letter, handing func(context.Context) error) error {
	e, err := seal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("folder for mail: %w", err)
	}
	if err := handing(ctx); err != nil {
		return err
	}
	// The time first, so that the last lies last.
	name := filepath.Join(f.Dir, l.Date.UTC().Format("20060102-150405-")+strings.ReplaceAll(l.ID, string(filepath.Separator), "_")+".eml")
	if err := os.WriteFile(name+".part", e.message, 0o600); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return os.Rename(name+".part", name)
}
