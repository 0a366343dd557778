package httpapi

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

//go:embed docs/page.html docs/page.css
var docFiles embed.FS

// routeDocs serves the description of the API, for programs and to be read.
// The page is made here rather than by a script from elsewhere, so that the
// content policy holds on it too.
func (s *Server) routeDocs(app *fiber.App, api huma.API) {
	spec, page, style := must(json.Marshal(api.OpenAPI())), must(docsPage(api.OpenAPI())), must(docFiles.ReadFile("docs/page.css"))
	serve := func(path, contentType string, data []byte) {
		app.Get(path, func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderCacheControl, "no-cache")
			c.Set(fiber.HeaderContentType, contentType)
			return c.Send(data)
		})
	}
	serve(Base+"/openapi.json", "application/openapi+json", spec)
	serve("/api/docs", "text/html; charset=utf-8", page)
	serve("/api/docs.css", "text/css; charset=utf-8", style)
}

// must is for what is made from our own declarations alone: it fails on every
// start alike or never.
func must(data []byte, err error) []byte {
	if err != nil {
		panic(fmt.Errorf("describe the API: %w", err))
	}
	return data
}

func docsPage(spec *huma.OpenAPI) ([]byte, error) {
	t, err := template.ParseFS(docFiles, "docs/page.html")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, describeAPI(spec)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
