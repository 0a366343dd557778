package app

import (
	"context"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// silence stands where notices are sent, until there is somebody to send them.
type silence struct{}

// Send tells nobody.
func (silence) Send(context.Context, *pg.Tx, ...notify.Notice) error { return nil }
