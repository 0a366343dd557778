package httpapi

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// bodyLimit bounds every request before it is read: the largest part of an
// upload (8 MiB) and room for its headers.
const bodyLimit = 9 << 20

// NewRouter builds the whole edge: middleware, API, health, pages.
func NewRouter(o Options) *fiber.App {
	app, _ := NewRouterAPI(o)
	return app
}

// NewRouterAPI is NewRouter together with the API's description, for tests
// and tools that walk its operations.
func NewRouterAPI(o Options) (*fiber.App, huma.API) {
	s := newServer(o)
	app := fiber.New(fiber.Config{
		AppName: "Hourglass",
		// Fiber reuses its buffers: without Immutable a path parameter can change after the request.
		Immutable:             true,
		BodyLimit:             bodyLimit,
		ReadBufferSize:        16 << 10,
		ReadTimeout:           60 * time.Second,
		IdleTimeout:           75 * time.Second,
		StrictRouting:         true,
		CaseSensitive:         true,
		DisableStartupMessage: true,
		ErrorHandler:          answerProblem,
	})
	s.routeHot(app) // before the middleware, whose duties it does by itself
	app.Use(s.headAsGet, s.observe, s.secureHeaders, plainBodiesOnly, s.sameOriginOnly, s.withDeadline)
	api := s.newAPI(app)
	s.routeDocs(app, api)
	s.routeHealth(app)
	// Last: whatever no route above took.
	app.Use(s.pages())
	return app, api
}
