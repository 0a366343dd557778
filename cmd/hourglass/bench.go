package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hourglass-lms/hourglass/internal/bench"
)

// benchCmd measures; its figures are ratios within one run.
type benchCmd struct {
	Study  benchStudyCmd  `cmd:"" help:"Acknowledged beats a second against an empty endpoint."`
	Rights benchRightsCmd `cmd:"" help:"What a check of a right takes, who asks with a million memberships, and a page of a million audited deeds."`
	Import benchImportCmd `cmd:"" help:"Seconds and memory of an import of people from one XLSX."`
	Empty  benchEmptyCmd  `cmd:"" hidden:"" help:"Serve the empty endpoint on HOURGLASS_LISTEN."`
}

type benchStudyCmd struct {
	Rounds   int           `default:"7" help:"Rounds of each kind."`
	Round    time.Duration `default:"3s" help:"Length of a round."`
	Learners int           `default:"10000" help:"Open sessions."`
	Sizes    []int         `default:"1000,10000,100000" help:"Numbers of open sessions to compare; 1000000 takes some ten minutes and 4 GB."`
	Conns    int           `default:"512" help:"Connections of the load."`
	Parts    []string      `default:"beats,segments" enum:"beats,segments" help:"What to measure."`
	JSON     bool          `help:"Print one JSON object."`
}

// Run measures and prints.
func (cmd benchStudyCmd) Run(ctx context.Context, s streams) error {
	r, err := bench.Study(ctx, bench.StudyOptions{Rounds: cmd.Rounds, Round: cmd.Round, Learners: cmd.Learners, Conns: cmd.Conns, Sizes: cmd.Sizes, Parts: cmd.Parts, Log: s.err})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	return printStudy(s.out, r)
}

func printStudy(w io.Writer, r bench.StudyReport) error {
	if _, err := fmt.Fprintf(w, `empty endpoint        %8.0f requests/s   processor: server %.1f µs, load %.1f µs
beats acknowledged    %8.0f beats/s      processor: server %.1f µs, load %.1f µs, PostgreSQL %.1f µs, Redis %.1f µs
ratio                 %8.2f
at half that load     %8.1f ms median, %.1f ms 99th percentile
at full load          %8.1f ms median, %.1f ms 99th percentile
Redis                 %8.0f bytes a session
evidence              %8.0f bytes a beat, %.0f bytes a compacted session of an hour
Redis emptied         %8.0f ms until the next beat was acknowledged, %.0f ms the longest that one took
`, r.BareFiberRPS, r.BareCPU.Server, r.BareCPU.Load, r.BeatsRPS, r.BeatCPU.Server, r.BeatCPU.Load, r.BeatCPU.Postgres, r.BeatCPU.Redis,
		r.BeatsRatio, r.BeatsP50MS, r.BeatsP99MS, r.FullP50MS, r.FullP99MS, r.RedisBytesPerSession, r.EvidenceBytesPerBeat, r.EvidenceBytesPerSession, r.EmptiedRecoveryMS, r.EmptiedLongestMS); err != nil {
		return err
	}
	for _, s := range r.Sizes {
		if _, err := fmt.Fprintf(w, "%9d sessions    %8.0f beats/s, ratio %.2f, Redis %.0f bytes a session; processor: server %.1f µs, PostgreSQL %.1f µs, Redis %.1f µs\n",
			s.Sessions, s.BeatsRPS, s.BeatsRatio, s.RedisBytesPerSession, s.BeatCPU.Server, s.BeatCPU.Postgres, s.BeatCPU.Redis); err != nil {
			return err
		}
	}
	for _, g := range r.Segments {
		if _, err := fmt.Fprintf(w, "segments of %.1f MB  %8.0f/s checked and recorded, %.0f/s from nginx, ratio %.2f; processor: server %.0f µs, Redis %.0f µs, nginx %.0f µs\n",
			float64(g.Bytes)/1e6, g.SegmentRPS, g.NginxRPS, g.Ratio, g.SegmentCPU.Server, g.SegmentCPU.Redis, g.NginxCPU.Server); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "slowest to fastest    %8.2f\n%d rounds of %.0f s each, %d sessions, %d connections; %d beats acknowledged, all found in PostgreSQL\n",
		r.Flatness, r.Rounds, r.RoundSeconds, r.Learners, r.Connections, r.Beats)
	return err
}

type benchEmptyCmd struct{}

// Run serves until it is told to stop.
func (benchEmptyCmd) Run(ctx context.Context) error {
	return bench.Empty(ctx, os.Getenv("HOURGLASS_LISTEN"))
}
