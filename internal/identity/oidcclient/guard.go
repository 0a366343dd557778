package oidcclient

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// The addresses that are asked come from settings and from providers'
// answers, so each could point into our own network.

// errAddress refuses an address that is not for us to ask.
var errAddress = errors.New("oidcclient: this address is not asked")

const (
	timeout  = 10 * time.Second // of one request, body and all
	maxBody  = 512 << 10        // of one answer
	dialTime = 5 * time.Second
)

// nets that are nobody's on the Internet, or lead back into a network of ours
// by translation; netip knows private, loopback, link-local and multicast ones.
var nets = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// open says whether an address may be asked.
func open(a netip.Addr, allowed []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(allowed, in) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(nets, in)
}

// guarded is a client that asks public addresses and those of the allowed
// networks, and nobody else. The address is judged when it is dialled, after
// every name has become one: what a name meant a moment ago does not count.
func guarded(o Options) *http.Client {
	dialer := &net.Dialer{Timeout: dialTime, Control: func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !open(a.Addr(), o.Networks) {
			return errAddress
		}
		return nil
	}}
	transport := &http.Transport{
		Proxy:       nil, // a proxy would dial for us, past the guard
		DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: timeout,
		MaxResponseHeaderBytes: 64 << 10, MaxConnsPerHost: 16, MaxIdleConns: 32, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		DisableCompression: true, // a small answer must not become a large one
		TLSClientConfig:    o.tls(),
	}
	return &http.Client{
		Timeout:   timeout,
		Transport: bounded{transport, len(o.Networks) > 0},
		// A provider's endpoints answer; whoever sends us elsewhere is not believed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return fmt.Errorf("%w: a redirect", errAddress) },
	}
}

// bounded asks over TLS alone and reads so much.
type bounded struct {
	next  http.RoundTripper
	plain bool // http to this machine itself, for tests
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !(b.plain && loopback(r.URL.Hostname())) {
		return nil, fmt.Errorf("%w: not https", errAddress)
	}
	res, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = &limited{ReadCloser: res.Body, left: maxBody}
	return res, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

var errTooLong = errors.New("oidcclient: the answer is too long")

// limited fails at the end of its room, where io.LimitReader would pretend that the answer ends.
type limited struct {
	io.ReadCloser
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.left -= n; l.left < 0 {
		return 0, errTooLong
	}
	return n, err
}
