package studyredis

import (
	"context"
	"fmt"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// Wanted is one segment that a session asks for, and what came of it.
type Wanted struct {
	Who      Who
	Segment  int64
	LengthMS int64

	Verdict study.Verdict
	// What was sent to the session until now, this segment included, when it may be sent or was sent before.
	Delivered   study.Bits
	DeliveredMS int64
	Wait        time.Duration // until it may be sent, when it is too early
}

// Deliver decides on many segments at once, as study.Deliver does.
func (h *Hot) Deliver(ctx context.Context, wanted []*Wanted, nowMS int64) error {
	return decide(ctx, h, h.deliver, wanted, nowMS)
}

func (x *Wanted) appendTo(b []byte) []byte {
	b = be.AppendUint32(x.Who.appendKeys(b), uint32(x.Segment))
	return be.AppendUint32(b, uint32(x.LengthMS))
}

func (x *Wanted) set(verdict int64, delivered, figure []byte) error {
	if len(figure) != 8 {
		return fmt.Errorf("deliver: %w", errState)
	}
	x.Verdict, x.Delivered = study.Verdict(verdict), delivered
	switch n := int64(be.Uint64(figure)); x.Verdict {
	case study.TooEarly:
		x.Wait = time.Duration(n) * time.Millisecond
	default:
		x.DeliveredMS = n
	}
	return nil
}
