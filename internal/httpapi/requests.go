package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// request is what the edge knows of a request beside its content.
type request struct {
	id        string
	address   string
	userAgent string
	token     string
	cause     error // why it failed on our side, for the log alone
}

type requestKey struct{}

func withRequest(ctx context.Context, r *request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// requestFrom never returns nil, so that a handler called without the
// middleware (a test, an error before routing) needs no special case.
func requestFrom(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

func (s *Server) newRequest(c *fiber.Ctx) *request {
	peer := peerOf(c)
	trusted := s.trusts(peer)
	r := &request{address: peer.String(), userAgent: cut(c.Get(fiber.HeaderUserAgent), 400), token: c.Cookies(cookieName)}
	if trusted {
		r.address = s.clientBehind(c.Get(fiber.HeaderXForwardedFor), peer).String()
		r.id = saneID(c.Get(fiber.HeaderXRequestID))
	}
	if r.id == "" {
		r.id = newID()
	}
	return r
}

func peerOf(c *fiber.Ctx) netip.Addr {
	a, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.IPv4Unspecified()
	}
	return a.Unmap()
}

func (s *Server) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(s.opts.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// clientBehind reads X-Forwarded-For from its end: only what a trusted proxy
// appended can be believed, whatever the client wrote before it.
func (s *Server) clientBehind(forwarded string, peer netip.Addr) netip.Addr {
	client := peer
	for hop := range slices.Values(reversed(strings.Split(forwarded, ","))) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = a.Unmap()
		if !s.trusts(client) {
			break
		}
	}
	return client
}

func reversed(list []string) []string {
	slices.Reverse(list)
	return list
}

// saneID is id when it is short and plain enough for logs and headers, else "".
func saneID(id string) string {
	if len(id) < 8 || len(id) > 64 {
		return ""
	}
	for _, r := range id {
		if !strings.ContainsRune("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", r) {
			return ""
		}
	}
	return id
}

func newID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// cut shortens text to n characters and drops what is not valid UTF-8.
func cut(text string, n int) string {
	runes := []rune(strings.ToValidUTF8(text, ""))
	return string(runes[:min(n, len(runes))])
}
