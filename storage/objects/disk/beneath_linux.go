package disk

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// folder opens a directory for openBeneath. It stays open as long as the program.
func folder(dir string) (int, error) {
	return unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
}

// openBeneath opens a file for reading that lies below a folder, whatever links
// say: as os.Root does, in one call instead of one for every folder on the way.
func openBeneath(root *os.Root, fd int, name string) (*os.File, error) {
	how := unix.OpenHow{Flags: unix.O_RDONLY | unix.O_CLOEXEC, Resolve: unix.RESOLVE_BENEATH}
	for range 3 { // EAGAIN: something was renamed just then
		n, err := unix.Openat2(fd, name, &how)
		switch {
		case err == nil:
			return os.NewFile(uintptr(n), name), nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM), errors.Is(err, unix.EXDEV):
			return root.Open(name) // an old kernel, a strict sandbox, or a link: Root decides
		}
		return nil, &os.PathError{Op: "openat2", Path: name, Err: err}
	}
	return root.Open(name)
}
