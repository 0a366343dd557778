package httpapi

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// pages serves the built web application: its files where one is asked for,
// and its index page for every other address of a page. It stands last and
// lets the router decide first, so that 404 and 405 of the API stay right.
func (s *Server) pages() fiber.Handler {
	files := s.opts.Frontend
	return func(c *fiber.Ctx) error {
		err := c.Next()
		var missed *fiber.Error
		if !errors.As(err, &missed) || missed.Code != http.StatusNotFound || files == nil || c.Method() != http.MethodGet || !isPage(c.Path()) {
			return err
		}
		name := strings.TrimPrefix(path.Clean(c.Path()), "/")
		if name != "" && name != "index.html" {
			if found, err := sendFile(c, files, name); found || err != nil {
				return err
			}
			if path.Ext(name) != "" || strings.HasPrefix(name, "assets/") {
				return missed
			}
		}
		found, err := sendFile(c, files, "index.html")
		if !found && err == nil {
			return missed
		}
		return err
	}
}

// isPage is false below /api: whoever asks the API for something it does not
// have must get a problem document, not a page.
func isPage(p string) bool { return p != "/api" && !strings.HasPrefix(p, "/api/") }

// sendFile answers with a file, compressed beforehand if the build left one
// and the client takes it.
func sendFile(c *fiber.Ctx, files fs.FS, name string) (bool, error) {
	if !fs.ValidPath(name) {
		return false, nil
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return false, nil // a directory or nothing at all: not a file we serve
	}
	c.Set(fiber.HeaderContentType, typeOf(name))
	c.Set(fiber.HeaderCacheControl, cacheOf(name))
	c.Vary(fiber.HeaderAcceptEncoding)
	for _, enc := range []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if c.AcceptsEncodings(enc.name) != enc.name {
			continue
		}
		if small, err := fs.ReadFile(files, name+enc.ext); err == nil {
			c.Set(fiber.HeaderContentEncoding, enc.name)
			return true, c.Send(small)
		}
	}
	return true, c.Send(data)
}

// cacheOf: what the build names by its content never changes; the rest is asked for anew.
func cacheOf(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// typeOf does not rely on the machine's own table for what pages need.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
