package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// headAsGet answers HEAD wherever GET is answered. The body is dropped below,
// because the request itself stays a HEAD.
func (s *Server) headAsGet(c *fiber.Ctx) error {
	if c.Method() != http.MethodHead {
		return c.Next()
	}
	c.Method(http.MethodGet)
	return c.RestartRouting()
}

// observe gives the request its id, turns errors and panics into problem
// documents, and leaves one line in the log and one sample in the metrics.
func (s *Server) observe(c *fiber.Ctx) error {
	start := s.now()
	s.meet(c, s.nameRequest(c))
	return s.finish(c, start, safely(c, (*fiber.Ctx).Next))
}

// meet notes what the edge knows of a request beside its content.
func (s *Server) meet(c *fiber.Ctx, id string) {
	c.SetUserContext(withRequest(c.UserContext(), s.newRequest(c, id)))
}

// finish answers what went wrong, and logs and counts the request.
func (s *Server) finish(c *fiber.Ctx, start time.Time, failure error) error {
	if failure != nil {
		if err := answerProblem(c, failure); err != nil {
			return err
		}
	}
	r := requestFrom(c.UserContext())
	took := s.now().Sub(start)
	route, status := routeOf(c), c.Response().StatusCode()
	s.metrics.seen(c.Method(), route, status, took.Seconds())
	level := slog.LevelInfo
	if r.cause != nil { // also behind a page, to which a failure may lead
		level = slog.LevelError
	}
	if !s.log.Enabled(c.UserContext(), level) {
		return nil
	}
	attrs := []slog.Attr{
		slog.String("request_id", r.id), slog.String("method", c.Method()), slog.String("path", c.Path()),
		slog.String("route", route), slog.Int("status", status), slog.Duration("took", took), slog.String("client", r.address),
	}
	if level == slog.LevelError {
		attrs = append(attrs, slog.String("error", r.cause.Error()))
	}
	s.log.LogAttrs(c.UserContext(), level, "request", attrs...)
	return nil
}

// safely makes a panic an error.
func safely(c *fiber.Ctx, do fiber.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(c)
}

// routeOf is the pattern that matched, so that metrics stay bounded.
func routeOf(c *fiber.Ctx) string {
	switch route := c.Route().Path; {
	case route != "/" && route != "":
		return route
	case strings.HasPrefix(c.Path(), "/api/"):
		return "unmatched"
	default:
		return "page"
	}
}

// withDeadline bounds what a request may wait for; the adapter passes the
// user context on to the operation.
func (s *Server) withDeadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), s.opts.Timeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// edgeMetrics counts what the edge answered.
type edgeMetrics struct {
	requests *prometheus.HistogramVec
}

func newEdgeMetrics(reg *prometheus.Registry) *edgeMetrics {
	m := &edgeMetrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hourglass_http_request_seconds", Help: "Time to answer, by method, route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})}
	// A registry that is shared may hold the process's collectors already.
	for _, c := range []prometheus.Collector{m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		_ = reg.Register(c)
	}
	return m
}

func (m *edgeMetrics) seen(method, route string, status int, seconds float64) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(seconds)
}
