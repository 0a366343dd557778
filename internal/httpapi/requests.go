package httpapi

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
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
	by        credential
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

// nameRequest gives the request its id: its own, if a proxy of ours sent it.
func (s *Server) nameRequest(c *fiber.Ctx) string {
	id := ""
	if len(s.opts.TrustedProxies) > 0 && s.trusts(peerOf(c)) {
		id = saneID(c.Get(fiber.HeaderXRequestID))
	}
	if id == "" {
		id = newID()
	}
	c.Response().Header.SetCanonical(requestIDHeader, []byte(id))
	return id
}

var requestIDHeader = []byte("X-Request-Id")

func (s *Server) newRequest(c *fiber.Ctx, id string) *request {
	peer := peerOf(c)
	r := &request{id: id, address: peer.String(), userAgent: cut(c.Get(fiber.HeaderUserAgent), 400), by: credentialIn(c)}
	if s.trusts(peer) {
		r.address = s.clientBehind(c.Get(fiber.HeaderXForwardedFor), peer).String()
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

// newID only has to differ from all others; it is no secret.
func newID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], rand.Uint64())
	binary.BigEndian.PutUint64(b[8:], rand.Uint64())
	var text [20]byte
	hex.Encode(text[:], b[:10])
	return string(text[:])
}

// cut shortens text to n characters and drops what is not valid UTF-8.
func cut(text string, n int) string {
	runes := []rune(strings.ToValidUTF8(text, ""))
	return string(runes[:min(n, len(runes))])
}
