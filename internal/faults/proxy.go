package faults

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// proxy stands between the servers and what they ask, and cuts their
// connections at any byte of an answer.
type proxy struct {
	l    net.Listener
	dial func() (net.Conn, error)
	// left are the bytes of answers until the cut; below zero no cut is due.
	left  atomic.Int64
	cuts  chan struct{}
	mu    sync.Mutex
	conns map[net.Conn]struct{}
	ended bool
}

func startProxy(network, address string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{l: l, cuts: make(chan struct{}, 1), conns: map[net.Conn]struct{}{}}
	p.dial = func() (net.Conn, error) { return net.DialTimeout(network, address, time.Second) }
	p.left.Store(-1)
	go p.accept()
	return p, nil
}

func (p *proxy) address() string { return p.l.Addr().String() }

func (p *proxy) accept() {
	for {
		near, err := p.l.Accept()
		if err != nil {
			return
		}
		go p.join(near)
	}
}

// join copies both ways until one side ends.
func (p *proxy) join(near net.Conn) {
	defer func() { _ = near.Close() }()
	far, err := p.dial()
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	if !p.hold(near, far) {
		return
	}
	defer p.drop(near, far)
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(counted{near, p}, far)
}

func (p *proxy) hold(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = struct{}{}
	}
	return !p.ended
}

func (p *proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
	}
}

// counted passes answers on up to the byte of the cut.
type counted struct {
	net.Conn
	p *proxy
}

var errCut = errors.New("cut")

func (c counted) Write(b []byte) (int, error) {
	n := int64(len(b))
	before := c.p.left.Load()
	for before >= 0 && !c.p.left.CompareAndSwap(before, max(-1, before-n)) {
		before = c.p.left.Load()
	}
	if before < 0 || before >= n {
		return c.Conn.Write(b)
	}
	_, _ = c.Conn.Write(b[:before])
	c.p.cut()
	c.p.cuts <- struct{}{}
	return int(before), errCut
}

// cut ends every connection there is.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// cutSoon cuts in the middle of an answer, a few of them from now.
func (p *proxy) cutSoon(luck uint64) error {
	p.left.Store(int64(luck % 4000))
	select {
	case <-p.cuts:
	case <-time.After(patience):
		return errors.New("no answer came that could be cut")
	}
	return nil
}

func (p *proxy) close() {
	_ = p.l.Close()
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.cut()
}
