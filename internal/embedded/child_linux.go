package embedded

import "syscall"

// child is how a server is started: as the servant, in a process group of its
// own (Ctrl-C is for us to pass on), and told to stop when we are killed.
func child(who *syscall.Credential, farewell syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who, Pdeathsig: farewell, Setpgid: true}
}
