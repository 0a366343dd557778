// Package breachedfile looks passwords up in a copy of a list of leaked ones on
// this machine, so that none of them is sent anywhere. The list is a folder as
// the downloaders of Have I Been Pwned make it: one file for each first five
// hex digits of the SHA-1 ("5BAA6.txt"), with a line "<the other 35>:<count>"
// for each password.
package breachedfile

import (
	"bufio"
	"context"
	"crypto/sha1" //nolint:gosec // the lists are made of SHA-1
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const prefixLength = 5

// List is a folder of ranges.
type List struct{ dir fs.FS }

// Open is the list in a folder, which must be there.
func Open(dir string) (*List, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", dir)
	}
	return &List{os.DirFS(dir)}, nil
}

// Breached says whether the password is in the list. A range without a file has none.
func (l *List) Breached(ctx context.Context, password string) (bool, error) {
	sum := sha1.Sum([]byte(password))
	name := strings.ToUpper(hex.EncodeToString(sum[:]))
	file, err := l.dir.Open(name[:prefixLength] + ".txt")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); ; {
		if !lines.Scan() {
			return false, lines.Err()
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if rest, _, _ := strings.Cut(lines.Text(), ":"); strings.EqualFold(strings.TrimSpace(rest), name[prefixLength:]) {
			return true, nil
		}
	}
}
