package httpapi

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
)

// Server holds what the operations call.
type Server struct{}

// NewAPI puts every operation on the router.
func NewAPI(app *fiber.App, s *Server) huma.API {
	huma.DefaultArrayNullable = false
	cfg := huma.DefaultConfig("Hourglass", "1.0.0")
	cfg.CreateHooks = nil
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"session": {Type: "apiKey", In: "cookie", Name: "hourglass_session"}}
	a := humafiber.NewWithGroup(app, app.Group(Base), cfg)
	a.OpenAPI().Servers = []*huma.Server{{URL: Base}}
	a.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[uuidText]())
	s.registerAuth(a)
	s.registerOrgs(a)
	s.registerCourses(a)
	s.registerEnrolments(a)
	s.registerStudy(a)
	s.registerQuizzes(a)
	s.registerHours(a)
	s.registerAuthoring(a)
	s.registerReviews(a)
	s.registerMedia(a)
	return a
}

// uuidText tells the schema generator how a UUID is written.
type uuidText string

// Schema gives UUIDs their format.
func (uuidText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}
