package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// contentPolicy lets pages run our own scripts and nothing else. Media may be
// blobs (the player feeds its buffer) or come from the object store.
func contentPolicy(objectOrigins []string) string {
	stores := strings.Join(append([]string{"'self'"}, objectOrigins...), " ")
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "manifest-src 'self'",
		"img-src 'self' data: blob:", "media-src blob: " + stores, "connect-src " + stores, "worker-src 'self' blob:",
		"frame-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'",
	}, "; ")
}

// header is one of an answer, with its name as it is sent.
type header struct{ name, value []byte }

// secureData are the headers that protect data a script asks for.
func (s *Server) secureData() (out []header) {
	out = append(out, headerOf(fiber.HeaderXContentTypeOptions, "nosniff"), headerOf("Cross-Origin-Resource-Policy", "same-origin"))
	if s.secure {
		out = append(out, headerOf(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains"))
	}
	return out
}

// securePages are the headers that further protect what a browser may show as a page.
func securePages(policy string) []header {
	return []header{
		headerOf(fiber.HeaderContentSecurityPolicy, policy),
		headerOf(fiber.HeaderXFrameOptions, "DENY"),
		headerOf(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin"),
		headerOf("Cross-Origin-Opener-Policy", "same-origin"),
		headerOf(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
	}
}

func headerOf(name, value string) header { return header{[]byte(name), []byte(value)} }

var (
	cacheControl = []byte(fiber.HeaderCacheControl)
	noStore      = []byte("no-store")
)

func (s *Server) secureHeaders(c *fiber.Ctx) error {
	s.secureAnswer(c, strings.HasPrefix(c.Path(), "/api/"))
	return c.Next()
}

func (s *Server) secureAnswer(c *fiber.Ctx, api bool) {
	set(c, s.pageHeaders)
	set(c, s.dataHeaders)
	if api {
		// An answer that may be one person's own must not stay in a shared cache;
		// handlers of what is the same for everybody say otherwise.
		c.Response().Header.SetCanonical(cacheControl, noStore)
	}
}

// secureHot leaves out what only matters to pages: no browser shows a segment
// or the answer to a beat, and those headers are three times as long as the latter.
func (s *Server) secureHot(c *fiber.Ctx) {
	set(c, s.dataHeaders)
	c.Response().Header.SetCanonical(cacheControl, noStore)
}

func set(c *fiber.Ctx, headers []header) {
	h := &c.Response().Header
	for _, x := range headers {
		h.SetCanonical(x.name, x.value)
	}
}

func plainBodiesOnly(c *fiber.Ctx) error {
	if err := refusePacked(c); err != nil {
		return err
	}
	return c.Next()
}

// refusePacked refuses packed bodies: nobody needs them here, and a small
// one may unpack to more than the memory holds (RFC 9110, section 15.5.16).
func refusePacked(c *fiber.Ctx) error {
	switch strings.ToLower(c.Get(fiber.HeaderContentEncoding)) {
	case "", "identity":
		return nil
	}
	c.Set(fiber.HeaderAcceptEncoding, "identity")
	return problemWith(http.StatusUnsupportedMediaType, "Send the body as it is, without Content-Encoding.")
}

func (s *Server) sameOriginOnly(c *fiber.Ctx) error {
	switch c.Method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return c.Next()
	}
	if err := s.refuseForeign(c); err != nil {
		return err
	}
	return c.Next()
}

// refuseForeign refuses unsafe methods that another site made the browser
// send, by the algorithm of net/http's CrossOriginProtection: Sec-Fetch-Site
// where the browser sends it, else Origin against Host; programs send neither.
func (s *Server) refuseForeign(c *fiber.Ctx) error {
	// No site can make a browser send a token of ours, and no cookie counts beside one (actorFor).
	if _, token := bearerOf(c.Get(fiber.HeaderAuthorization)); token {
		return nil
	}
	// Not c.Hostname(), which believes X-Forwarded-Host; behind a proxy our own origin is known by its setting.
	if s.ownOrigin(c.Get("Sec-Fetch-Site"), c.Get(fiber.HeaderOrigin), string(c.Request().Host())) {
		return nil
	}
	return fault.Coded(fault.Forbidden, "cross-origin", "This request was sent by another site.")
}

func (s *Server) ownOrigin(site, origin, host string) bool {
	if origin != "" && origin == s.origin {
		return true
	}
	switch site {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == host
}
