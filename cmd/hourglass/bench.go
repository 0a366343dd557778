package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/hourglass-lms/hourglass/internal/bench"
)

// benchCmd measures; its figures are ratios within one run.
type benchCmd struct {
	Study benchStudyCmd `cmd:"" help:"Acknowledged beats a second against an empty endpoint."`
	Empty benchEmptyCmd `cmd:"" hidden:"" help:"Serve the empty endpoint on HOURGLASS_LISTEN."`
}

type benchStudyCmd struct {
	Rounds   int           `default:"7" help:"Rounds of each kind."`
	Round    time.Duration `default:"3s" help:"Length of a round."`
	Learners int           `default:"4000" help:"Open sessions."`
	Conns    int           `default:"128" help:"Connections of the load."`
	JSON     bool          `help:"Print one JSON object."`
}

// Run measures and prints.
func (cmd benchStudyCmd) Run(ctx context.Context, io streams) error {
	r, err := bench.Study(ctx, bench.StudyOptions{Rounds: cmd.Rounds, Round: cmd.Round, Learners: cmd.Learners, Conns: cmd.Conns, Log: io.err})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(io.out).Encode(r)
	}
	_, err = fmt.Fprintf(io.out, `empty endpoint        %8.0f requests/s
beats acknowledged    %8.0f beats/s
ratio                 %8.2f
at half that load     %8.1f ms median, %.1f ms 99th percentile
at full load          %8.1f ms median, %.1f ms 99th percentile
Redis                 %8.0f bytes a session
evidence              %8.0f bytes a beat
%d rounds of %.0f s each, %d sessions, %d connections; %d beats acknowledged, all found in PostgreSQL
`, r.BareFiberRPS, r.BeatsRPS, r.BeatsRatio, r.BeatsP50MS, r.BeatsP99MS, r.FullP50MS, r.FullP99MS, r.RedisBytesPerSession, r.EvidenceBytesPerBeat,
		r.Rounds, r.RoundSeconds, r.Learners, r.Connections, r.Beats)
	return err
}

type benchEmptyCmd struct{}

// Run serves until it is told to stop.
func (benchEmptyCmd) Run(ctx context.Context) error {
	return bench.Empty(ctx, os.Getenv("HOURGLASS_LISTEN"))
}
