package httpapi

import (
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// routeDocs serves the description of the API, both for programs and to be read.
func (s *Server) routeDocs(app *fiber.App, api huma.API) {
	spec, err := json.Marshal(api.OpenAPI())
	if err != nil {
		// Only a schema we wrote ourselves can fail here, on every start alike.
		panic(fmt.Errorf("describe the API: %w", err))
	}
	app.Get(Base+"/openapi.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-cache")
		c.Set(fiber.HeaderContentType, "application/openapi+json")
		return c.Send(spec)
	})
}
