package httpapi

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// cork holds back what is smaller than a packet: a head that waits for its
// file spares a packet and a wake-up of whoever reads (tcp(7), TCP_CORK).
type cork struct{ raw syscall.RawConn }

// corkOf is nil for what is not a plain TCP connection, and then does nothing.
func corkOf(c net.Conn) *cork {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return nil
	}
	return &cork{raw}
}

func (c *cork) push() { c.set(1) }

func (c *cork) pull() { c.set(0) }

func (c *cork) set(on int) {
	if c == nil {
		return
	}
	// Without it the answer is as right, only in one packet more.
	_ = c.raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_CORK, on) })
}
