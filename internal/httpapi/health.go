package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Probe is one part without which the product is not ready: postgres, redis,
// objects, migrations.
type Probe interface {
	Name() string
	// Check is nil when the part answers; its error is shown to whoever may see /readyz.
	Check(ctx context.Context) error
}

// probeTimeout is short: a balancer asks often, and a part that needs longer is not ready.
const probeTimeout = 2 * time.Second

// Readiness is what /readyz answers.
type Readiness struct {
	Ready bool        `json:"ready"`
	Parts []PartState `json:"parts"`
}

// PartState is one part's state, and why it is not ready.
type PartState struct {
	Name  string `json:"name"`
	Ready bool   `json:"ready"`
	Why   string `json:"why,omitempty"`
}

func (s *Server) routeHealth(app *fiber.App) {
	app.Get("/healthz", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.SendString("ok\n")
	})
	app.Get("/readyz", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		state := readiness(c.UserContext(), s.opts.Probes)
		if !state.Ready {
			c.Set(fiber.HeaderRetryAfter, "2")
			c.Status(http.StatusServiceUnavailable)
		}
		return c.JSON(state)
	})
	app.Get("/metrics", adaptor.HTTPHandler(promhttp.HandlerFor(s.opts.Registry, promhttp.HandlerOpts{})))
}

// readiness asks all parts at once, so that one that hangs delays nobody's answer.
func readiness(ctx context.Context, probes []Probe) Readiness {
	out := Readiness{Ready: true, Parts: make([]PartState, len(probes))}
	var wg sync.WaitGroup
	for i, p := range probes {
		wg.Go(func() { out.Parts[i] = check(ctx, p) })
	}
	wg.Wait()
	for _, part := range out.Parts {
		out.Ready = out.Ready && part.Ready
	}
	return out
}

func check(ctx context.Context, p Probe) PartState {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- p.Check(ctx) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done(): // a check that ignores its context must not hold the answer up
		err = ctx.Err()
	}
	if err != nil {
		return PartState{Name: p.Name(), Why: cut(err.Error(), 300)}
	}
	return PartState{Name: p.Name(), Ready: true}
}
