package studyredis

import (
	"context"
	"fmt"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// Judged is a verdict; State is set when it was accepted, now or before.
type Judged struct {
	Verdict study.Verdict
	State   study.State
}

// Asked is one beat to be judged, and what came of it.
type Asked struct {
	Who  Who
	Beat study.Beat
	Judged
}

// Judge judges many beats at once.
func (h *Hot) Judge(ctx context.Context, asked []*Asked, nowMS int64) error {
	return decide(ctx, h, h.beats, asked, nowMS)
}

func (a *Asked) appendTo(b []byte) []byte { return appendBeat(a.Who.appendKeys(b), &a.Beat) }

func (a *Asked) set(verdict int64, state, live []byte) (err error) {
	a.Judged = Judged{Verdict: study.Verdict(verdict)}
	if len(state) > 0 {
		if a.State, err = unpackState(state, live); err != nil {
			err = fmt.Errorf("judge beats: %w", err)
		}
	}
	return err
}
