// Package httpapi is the edge: it decodes requests, calls one core function or
// store method, and encodes the answer. No business rule lives here, and no
// HTTP lives anywhere else.
package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Base is the path prefix of every operation of the API.
const Base = "/api/v1"

// rightKey is where an operation's right stands in its OpenAPI metadata, so
// that a test can walk all operations and find one without.
const rightKey = "right"

// register adds one operation and the check of its right. It is the only way
// a JSON operation gets into the API.
func register[I, O any](a huma.API, right identity.Right, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	s := serverOf(a)
	describe(&op, right)
	gate := huma.Middlewares{s.checkRight(a, right, &op)}
	if idempotent(right, op) {
		op.Parameters = append(op.Parameters, idempotencyParam)
		gate = append(gate, s.answerOnce(a, op.OperationID))
	}
	op.Middlewares = append(gate, op.Middlewares...)
	huma.Register(a, op, h)
}

// registerRaw adds an operation that answers something other than JSON
// (a playlist, a PDF, a segment). The handler works on the Fiber context; who
// asks is identity.ActorFrom(c.UserContext()), and an error it returns becomes
// a problem document. Register a path with a suffix ("/certificates/{serial}.pdf")
// before the one without: the first match wins. A query parameter that it does
// not describe is refused, as JSON operations refuse it.
//
// With the right Public nobody is looked up: such an answer is the same for
// everybody, or the address itself carries the proof (signed segments).
func (s *Server) registerRaw(a huma.API, right identity.Right, op huma.Operation, h fiber.Handler) {
	named := queryNames(op)
	s.addRaw(a, right, op, func(c *fiber.Ctx) error {
		if right != identity.Public {
			if err := s.admit(c, right, &op); err != nil {
				return err
			}
		}
		if err := refuseUnnamed(c, named); err != nil {
			return err
		}
		return h(c)
	})
}

// queryNames are the query parameters an operation describes.
func queryNames(op huma.Operation) (out []string) {
	for _, p := range op.Parameters {
		if p.In == "query" {
			out = append(out, p.Name)
		}
	}
	return out
}

// refuseUnnamed refuses a query with other parameters than these.
func refuseUnnamed(c *fiber.Ctx, named []string) error {
	query := c.Request().URI()
	if len(query.QueryString()) == 0 {
		return nil
	}
	var bad fault.Fields
	for name := range query.QueryArgs().All() {
		if !slices.Contains(named, string(name)) {
			bad.Add("query."+string(name), "unknown query parameter")
		}
	}
	return bad.Err("the address is not right")
}

// admit finds out who asks and refuses whoever does not hold the right.
func (s *Server) admit(c *fiber.Ctx, right identity.Right, op *huma.Operation) error {
	actor, err := s.actorFor(c.UserContext(), credentialIn(c), right, op)
	if err != nil {
		return err
	}
	c.SetUserContext(identity.WithActor(withOrigin(c.UserContext()), actor))
	return nil
}

// addRaw is registerRaw for what a browser is led to from elsewhere: the handler
// checks the right by itself, and the address may bear what others add to it.
func (s *Server) addRaw(a huma.API, right identity.Right, op huma.Operation, h fiber.Handler) {
	describeRaw(a, right, op)
	s.group.Add(op.Method, inFiber(op.Path), h)
}

// inFiber writes a path's parameters as the router does.
func inFiber(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// describeRaw puts an operation that is routed elsewhere into the description.
func describeRaw(a huma.API, right identity.Right, op huma.Operation) {
	describe(&op, right)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK)}}
	}
	op.Parameters = append(op.Parameters, pathParams(op)...)
	a.OpenAPI().AddOperation(&op)
}

func describe(op *huma.Operation, right identity.Right) {
	op.Metadata = map[string]any{rightKey: right}
	if right != identity.Public {
		op.Security = []map[string][]string{{"session": {}}}
		if _, open := identity.ScopeOf(right, op.Method, op.Path); open {
			op.Security = append(op.Security, map[string][]string{"token": {}})
		}
	}
	if op.DefaultStatus == 0 && op.Method == http.MethodDelete {
		op.DefaultStatus = http.StatusNoContent
	}
}

// pathParams documents the {names} of a raw operation's path that it did not describe itself.
func pathParams(op huma.Operation) []*huma.Param {
	var out []*huma.Param
	for rest := op.Path; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return out
		}
		name, tail, _ := strings.Cut(after, "}")
		rest = tail
		if !hasParam(op.Parameters, name) {
			out = append(out, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
		}
	}
}

func hasParam(ps []*huma.Param, name string) bool {
	for _, p := range ps {
		if p.Name == name && p.In == "path" {
			return true
		}
	}
	return false
}

// checkRight finds out who asks and refuses whoever does not hold the right.
// What is done behind it is noted in the audit trail with where it was asked from.
func (s *Server) checkRight(a huma.API, right identity.Right, op *huma.Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token := ""
		if c, err := huma.ReadCookie(ctx, cookieName); err == nil {
			token = c.Value
		}
		actor, err := s.actorFor(ctx.Context(), credentialOf(token, ctx.Header(fiber.HeaderAuthorization)), right, op)
		if err != nil {
			writeProblem(a, ctx, err)
			return
		}
		next(huma.WithContext(ctx, identity.WithActor(withOrigin(ctx.Context()), actor)))
	}
}

// authenticate is the actor of a sign-in token; nil without a token and with
// one that no longer holds.
func (s *Server) authenticate(ctx context.Context, token string) (*identity.Actor, error) {
	if token == "" || s.svc.Accounts == nil {
		return nil, nil
	}
	return s.svc.Accounts.Authenticate(ctx, token)
}
