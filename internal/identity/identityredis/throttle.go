// Package identityredis counts tries to sign in and to sign up in Redis, so
// that all servers count together.
package identityredis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// take is the generic cell rate algorithm on Redis's own clock: one number a
// bucket, the time at which it will be full again. ARGV: milliseconds a try
// takes to come back, tries in a full bucket, +1 to take or -1 to give back.
var take = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local every, burst, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now)) + step * every
if full - burst * every > now then return full - burst * every - now end
if full <= now then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', string.format('%.0f', full - now))
end
return 0
`)

// timeout: counting must not hold up a sign-in when Redis hangs.
const timeout = 500 * time.Millisecond

// Throttle is the identity.Throttle in Redis.
type Throttle struct{ client redis.UniversalClient }

// New makes a throttle on a client.
func New(client redis.UniversalClient) *Throttle { return &Throttle{client} }

// Take uses up one try of the bucket; the answer is how long to wait, 0 to go on.
func (t *Throttle) Take(ctx context.Context, bucket string, l identity.Limit) (time.Duration, error) {
	return t.step(ctx, bucket, l, 1)
}

// GiveBack returns one try.
func (t *Throttle) GiveBack(ctx context.Context, bucket string, l identity.Limit) error {
	_, err := t.step(ctx, bucket, l, -1)
	return err
}

func (t *Throttle) step(ctx context.Context, bucket string, l identity.Limit, step int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ms, err := take.Run(ctx, t.client, []string{key(bucket)}, l.Every.Milliseconds(), l.Burst, step).Int64()
	if err != nil {
		return 0, fault.Wrap(fault.Unavailable, fmt.Errorf("throttle: %w", err), "the counter of tries is away")
	}
	return time.Duration(ms) * time.Millisecond, nil
}

// key hides the mail address: a look into Redis tells nobody's name.
func key(bucket string) string {
	sum := sha256.Sum256([]byte(bucket))
	return "hourglass:tries:" + hex.EncodeToString(sum[:16])
}
