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

// secureAnswers are the headers of every answer.
func (s *Server) secureAnswers(policy string) (out []header) {
	add := func(name, value string) { out = append(out, header{[]byte(name), []byte(value)}) }
	add(fiber.HeaderContentSecurityPolicy, policy)
	add(fiber.HeaderXContentTypeOptions, "nosniff")
	add(fiber.HeaderXFrameOptions, "DENY")
	add(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin")
	add("Cross-Origin-Opener-Policy", "same-origin")
	add("Cross-Origin-Resource-Policy", "same-origin")
	add(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if s.secure {
		add(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	return out
}

var (
	cacheControl = []byte(fiber.HeaderCacheControl)
	noStore      = []byte("no-store")
)

func (s *Server) secureHeaders(c *fiber.Ctx) error {
	s.secureAnswer(c, strings.HasPrefix(c.Path(), "/api/"))
	return c.Next()
}

func (s *Server) secureAnswer(c *fiber.Ctx, api bool) {
	h := &c.Response().Header
	for _, x := range s.headers {
		h.SetCanonical(x.name, x.value)
	}
	if api {
		// An answer that may be one person's own must not stay in a shared cache;
		// handlers of what is the same for everybody say otherwise.
		h.SetCanonical(cacheControl, noStore)
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
