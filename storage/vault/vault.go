// Package vault seals what must not be read from a copy of the database.
package vault

import "context"

// Box seals and opens. The purpose names what is sealed and whose it is
// ("totp:"+id): sealed bytes moved to another place do not open there.
type Box interface {
	Seal(ctx context.Context, purpose string, plain []byte) ([]byte, error)
	Open(ctx context.Context, purpose string, sealed []byte) ([]byte, error)
}
