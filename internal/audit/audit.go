// Package audit says what is kept of a deed: who did what to whom, when, from
// where, and what was before and after. It is written in the transaction of
// the deed (auditdb), so that there is no deed without its trace. Secrets and
// identity numbers never stand in it (guard.go).
//
// Its rows are kept from being changed by the database's own triggers, and are
// not chained by hashes. A chain would make every deed wait for the one before
// it on one row, and would prove nothing to whoever holds neither a copy nor a
// signed head. What must be proved to outsiders, the hours, stands in the
// register's Merkle tree, whose heads are signed and published; who wants the
// same of the trail exports it and keeps the export elsewhere, which is a deed
// in the trail itself.
package audit

import (
	"context"

	"github.com/google/uuid"
)

// Event is one deed.
type Event struct {
	Actor      uuid.UUID // uuid.Nil: the program itself
	Action     string    // object and verb, "integrity-flag.decide"
	ObjectKind string
	Object     uuid.UUID
	Subject    uuid.UUID // whom it concerns; uuid.Nil: nobody
	Org        uuid.UUID // whose jurisdiction it belongs to; uuid.Nil: nobody's
	Before     any       // marshalled to JSON; nil: nothing
	After      any
}

// Origin is where a request came from.
type Origin struct {
	Address   string
	UserAgent string
	RequestID string
}

type originKey struct{}

// WithOrigin returns a context that carries where a request came from.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// OriginFrom is where the request came from; zero for what the program does by itself.
func OriginFrom(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}
