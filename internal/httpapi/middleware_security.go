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

func (s *Server) secureHeaders(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, s.policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if s.secure {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	if strings.HasPrefix(c.Path(), "/api/") {
		// An answer that may be one person's own must not stay in a shared cache;
		// handlers of what is the same for everybody say otherwise.
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	return c.Next()
}

// plainBodiesOnly refuses packed bodies: nobody needs them here, and a small
// one may unpack to more than the memory holds (RFC 9110, section 15.5.16).
func plainBodiesOnly(c *fiber.Ctx) error {
	switch strings.ToLower(c.Get(fiber.HeaderContentEncoding)) {
	case "", "identity":
		return c.Next()
	}
	c.Set(fiber.HeaderAcceptEncoding, "identity")
	return problemWith(http.StatusUnsupportedMediaType, "Send the body as it is, without Content-Encoding.")
}

// sameOriginOnly refuses unsafe methods that another site made the browser
// send, by the algorithm of net/http's CrossOriginProtection: Sec-Fetch-Site
// where the browser sends it, else Origin against Host; programs send neither.
func (s *Server) sameOriginOnly(c *fiber.Ctx) error {
	switch c.Method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return c.Next()
	}
	// Not c.Hostname(), which believes X-Forwarded-Host; behind a proxy our own origin is known by its setting.
	if s.ownOrigin(c.Get("Sec-Fetch-Site"), c.Get(fiber.HeaderOrigin), string(c.Request().Host())) {
		return c.Next()
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
