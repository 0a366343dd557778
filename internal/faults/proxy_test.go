package faults

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

func TestTheProxyPassesEverythingOnUntilItCutsInTheMiddleOfAnAnswer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c) }() // an echo
		}
	}()
	p, err := startProxy("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	first, other := dial(t, p), dial(t, p)
	text := bytes.Repeat([]byte("hourglass"), 1000)
	if got := echoed(t, first, text); !bytes.Equal(got, text) {
		t.Fatalf("%d of %d bytes came back", len(got), len(text))
	}
	if got := echoed(t, other, text); !bytes.Equal(got, text) { // it is there when the cut comes
		t.Fatalf("%d of %d bytes came back", len(got), len(text))
	}
	cut := make(chan error, 1)
	go func() { cut <- p.cutSoon(1234) }()
	for p.left.Load() < 0 { // until the cut is due
		time.Sleep(time.Millisecond)
	}
	if got := echoed(t, first, text); len(got) != 1234 || !bytes.Equal(got, text[:1234]) {
		t.Errorf("%d bytes came before the cut, not 1234", len(got))
	}
	if err := <-cut; err != nil {
		t.Fatal(err)
	}
	if got := echoed(t, other, text); len(got) > 0 {
		t.Errorf("another connection outlived the cut by %d bytes", len(got))
	}
	if got := echoed(t, dial(t, p), text); !bytes.Equal(got, text) {
		t.Errorf("after the cut %d of %d bytes came back", len(got), len(text))
	}
}

func dial(t *testing.T, p *proxy) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// echoed is what comes back of a text until all of it is there or the line is cut.
func echoed(t *testing.T, c net.Conn, text []byte) []byte {
	t.Helper()
	go func() { _, _ = c.Write(text) }()
	got := make([]byte, len(text))
	n, _ := io.ReadFull(c, got)
	return got[:n]
}
