//go:build !linux

package embedded

import "syscall"

// child is how a server is started where the system knows no death signal:
// a kill -9 of the program leaves it running, and the next start waits for it.
func child(who *syscall.Credential, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who, Setpgid: true}
}
