package notifyjob

import (
	"context"
	"log/slog"
	"time"
)

// Every is how often it is asked whose morning it is.
const Every = 5 * time.Minute

// Digests makes the day's digests until ctx ends. Several may run at once.
func Digests(ctx context.Context, digest func(context.Context) (int, error), log *slog.Logger) {
	t := time.NewTicker(Every)
	defer t.Stop()
	for {
		switch made, err := digest(ctx); {
		case err != nil && ctx.Err() == nil:
			log.WarnContext(ctx, "digests are made again later", "error", err)
		case made > 0:
			log.InfoContext(ctx, "digests are on their way", "people", made)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
