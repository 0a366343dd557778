package faults

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// ready waits until both servers say so.
func (s *stage) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, address := range s.addresses {
		if err := again(ctx, func() error {
			res, err := http.Get("http://" + address + "/readyz")
			if err != nil {
				return err
			}
			if res.StatusCode != http.StatusOK {
				err = fmt.Errorf("a server says %d", res.StatusCode)
			}
			_ = res.Body.Close()
			return err
		}); err != nil {
			return fmt.Errorf("the servers do not come up: %w", err)
		}
	}
	return nil
}

func (s *stage) reachPostgres(ctx context.Context) error {
	return again(ctx, func() error { return s.db.Ping(ctx) })
}

// again tries until it works or ctx ends.
func again(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}
