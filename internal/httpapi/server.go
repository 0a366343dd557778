package httpapi

import (
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
)

// Options say what the edge serves and how. The zero value serves the API
// without pages, over plain HTTP, trusting no proxy.
type Options struct {
	Logger   *slog.Logger // nil: silent
	Services Services
	// PublicURL is where people reach the product, e.g. "https://learn.example.cn".
	// It decides Secure cookies, HSTS and which Origin is ours beside the Host.
	PublicURL string
	// TrustedProxies may say who the client is (X-Forwarded-For) and name a request (X-Request-Id).
	TrustedProxies []netip.Prefix
	// ObjectOrigins are the public origins of the object store, for the content security policy.
	ObjectOrigins []string
	Frontend      fs.FS                // the built web application; nil: no pages
	Probes        []Probe              // what /readyz asks
	Registry      *prometheus.Registry // served at /metrics; nil: one of its own
	Timeout       time.Duration        // deadline of a request; 0: 20 s
	Now           func() time.Time     // nil: time.Now
}

// Server holds what the operations call.
type Server struct {
	svc         Services
	opts        Options
	log         *slog.Logger
	now         func() time.Time
	secure      bool
	origin      string
	dataHeaders []header // of every answer
	pageHeaders []header // of every answer but those to beats
	group       fiber.Router
	metrics     *edgeMetrics
	limits      deadlines
}

func newServer(o Options) *Server {
	s := &Server{svc: o.Services, opts: o, log: o.Logger, now: o.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.opts.Timeout <= 0 {
		s.opts.Timeout = 20 * time.Second
	}
	if s.opts.Registry == nil {
		s.opts.Registry = prometheus.NewRegistry()
	}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		s.secure, s.origin = u.Scheme == "https", u.Scheme+"://"+u.Host
	}
	s.dataHeaders, s.pageHeaders = s.secureData(), securePages(contentPolicy(o.ObjectOrigins))
	s.limits.length = s.opts.Timeout
	s.metrics = newEdgeMetrics(s.opts.Registry)
	return s
}

// apiOf ties an API to its server, so that register needs no second argument.
type apiOf struct {
	huma.API
	server *Server
	config huma.Config
}

// Config hands huma its settings back; it looks for this method on the API it is given.
func (a *apiOf) Config() huma.Config { return a.config }

func serverOf(a huma.API) *Server { return a.(*apiOf).server }

// setHuma sets the library's package-level switches, once a process.
var setHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewError = newProblem
	huma.NewErrorWithContext = newProblemIn
})

// newAPI puts every operation on the router.
func (s *Server) newAPI(app *fiber.App) huma.API {
	setHuma()
	cfg := huma.DefaultConfig("Hourglass", "1.0.0")
	cfg.CreateHooks = nil
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.RejectUnknownQueryParameters = true
	cfg.Info.Description = apiDescription
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"session": {Type: "apiKey", In: "cookie", Name: cookieName},
		"token": {Type: "http", Scheme: "bearer", Description: "A personal access token"}}
	s.group = app.Group(Base)
	a := &apiOf{API: humafiber.NewWithGroup(app, s.group, cfg), server: s, config: cfg}
	a.OpenAPI().Servers = []*huma.Server{{URL: Base}}
	a.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[uuidText]())
	s.registerAuth(a)
	s.registerSecurity(a)
	s.registerAccessTokens(a)
	s.registerProviders(a)
	s.registerOrgs(a)
	s.registerCourses(a)
	s.registerEnrolments(a)
	s.registerNotes(a)
	s.registerNotices(a)
	s.registerStudy(a)
	s.registerEvidence(a)
	s.registerFlags(a)
	s.registerWorkspaces(a)
	s.registerSearch(a)
	s.registerPeople(a)
	s.registerPrivacy(a)
	s.registerQuizzes(a)
	s.registerHours(a)
	s.registerAuthoring(a)
	s.registerReviews(a)
	s.registerMedia(a)
	s.registerTrail(a)
	s.registerRoster(a)
	return a
}

const apiDescription = `Errors are RFC 9457 problem documents. Ids are UUIDv7, times RFC 3339 in UTC, durations integer seconds unless the name says _ms, hours decimal numbers. Lists take limit and cursor and answer items and next_cursor.`

// uuidText tells the schema generator how a UUID is written.
type uuidText string

// Schema gives UUIDs their format.
func (uuidText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}
