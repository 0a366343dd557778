package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// servant is the account PostgreSQL runs as: ourselves, or an unprivileged
// one when we are root, because PostgreSQL refuses to run as root.
func servant() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if errU == nil && errG == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no unprivileged account postgres or nobody")
}

// own makes a folder that belongs to the servant alone.
func own(dir string, who *syscall.Credential) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// reachable is dir itself, or a folder under /var/tmp that stands for it when
// the servant may not pass through one of its parents (a root's home, say).
func reachable(dir string, who *syscall.Credential) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil || who == nil {
		return dir, err
	}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		if info, err := os.Stat(parent); err == nil && info.Mode().Perm()&0o001 == 0 {
			sum := sha256.Sum256([]byte(dir))
			return filepath.Join("/var/tmp", "hourglass-"+hex.EncodeToString(sum[:6])), nil
		}
		if parent == filepath.Dir(parent) {
			return dir, nil
		}
	}
}
