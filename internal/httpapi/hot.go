package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

const beatPath = "/study-sessions/{id}/beats"

// routeHot routes what everybody who studies asks for all the time: beats and
// segments. It passes by the middleware, whose duties are done here.
func (s *Server) routeHot(app *fiber.App) {
	s.hotRoute(app, http.MethodPost, beatPath, s.beat)
	s.hotRoute(app, http.MethodGet, segmentPath, s.segment, queryNames(segmentOperation(nil))...)
}

func (s *Server) hotRoute(app *fiber.App, method, path string, do fiber.Handler, named ...string) {
	route := Base + inFiber(path)
	answered := s.metrics.requests.WithLabelValues(method, route, "200")
	guarded := s.guarded(do, named)
	app.Add(method, route, func(c *fiber.Ctx) error {
		start := s.now()
		id := s.nameRequest(c)
		err := safely(c, guarded)
		if err == nil && c.Response().StatusCode() == http.StatusOK && !s.log.Enabled(context.Background(), slog.LevelInfo) {
			answered.Observe(s.now().Sub(start).Seconds())
			return nil
		}
		// Who sent it is looked up only for those who are told.
		s.meet(c, id)
		return s.finish(c, start, err)
	})
}

// guarded does what the middleware and registerRaw do for all others.
func (s *Server) guarded(do fiber.Handler, named []string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		s.secureHot(c)
		if err := refusePacked(c); err != nil {
			return err
		}
		if c.Method() != http.MethodGet {
			if err := s.refuseForeign(c); err != nil {
				return err
			}
		}
		if err := refuseUnnamed(c, named); err != nil {
			return err
		}
		c.SetUserContext(s.limits.context())
		return do(c)
	}
}

// deadlines gives all requests of the same second one context, which ends when
// the time of the last of them is over: a timer for each of tens of thousands
// a second costs more than it is worth, because hardly one ever ends a request.
type deadlines struct {
	length time.Duration
	shared atomic.Pointer[second]
}

type second struct {
	end    time.Time
	ctx    context.Context
	cancel context.CancelFunc // the timer does it
}

func (d *deadlines) context() context.Context {
	now := time.Now() // not a clock that a test stands still
	old := d.shared.Load()
	if old != nil && now.Before(old.end) {
		return old.ctx
	}
	fresh := &second{end: now.Add(time.Second)}
	fresh.ctx, fresh.cancel = context.WithTimeout(context.Background(), d.length+time.Second)
	if !d.shared.CompareAndSwap(old, fresh) {
		fresh.cancel() // another request was quicker
		return d.shared.Load().ctx
	}
	return fresh.ctx
}
