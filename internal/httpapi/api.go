// Package httpapi is the edge: it decodes requests, calls one core function or
// store method, and encodes the answer. No business rule lives here, and no
// HTTP lives anywhere else.
package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Base is the path prefix of every operation of the API.
const Base = "/api/v1"

// rightKey is where an operation's right stands in its OpenAPI metadata, so
// that a test can walk all operations and find one without.
const rightKey = "right"

// register adds one operation and the check of its right. It is the only way
// an operation gets into the API.
func register[I, O any](a huma.API, right identity.Right, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	op.Metadata = map[string]any{rightKey: right}
	op.Middlewares = append(huma.Middlewares{checkRight(a, right)}, op.Middlewares...)
	if right != identity.Public {
		op.Security = []map[string][]string{{"session": {}}}
	}
	if op.DefaultStatus == 0 && op.Method == http.MethodDelete {
		op.DefaultStatus = http.StatusNoContent
	}
	huma.Register(a, op, h)
}

func checkRight(a huma.API, right identity.Right) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := identity.ActorFrom(ctx.Context()).Allows(right); err != nil {
			writeProblem(a, ctx, err)
			return
		}
		next(ctx)
	}
}
