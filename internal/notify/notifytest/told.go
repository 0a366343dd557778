// Package notifytest stands in for what tells people, in tests of who tells them.
package notifytest

import (
	"context"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Told keeps what people were told, and refuses what could not be told.
type Told struct{ Notices []notify.Notice }

// Send keeps notices.
func (t *Told) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	for _, one := range n {
		if err := one.Check(); err != nil {
			return err
		}
	}
	t.Notices = append(t.Notices, n...)
	return nil
}
