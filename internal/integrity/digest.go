package integrity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

const hourMS = 3_600_000

// Digest is what the rules keep of a session: a few figures in place of its
// beats, so that a history is judged without reading the evidence again.
type Digest struct {
	Session  uuid.UUID `json:"-"`
	OpenedMS int64     `json:"-"`
	Device   []byte    `json:"-"` // keyed hash; empty: not known
	LastMS   int64     `json:"last_ms"`
	CreditMS int64     `json:"credit_ms"`
	Checks   []Check   `json:"checks,omitempty"`
	Steady   *Steady   `json:"steady,omitempty"` // the most even stretch; nil: too few beats in a row
	// Hours is how much was credited in each hour since 1970, in milliseconds.
	Hours map[int64]int64 `json:"hours,omitempty"`
}

// Steady is a stretch of beats and how evenly they came.
type Steady struct {
	FromMS    int64 `json:"from_ms"`
	ToMS      int64 `json:"to_ms"`
	Intervals int   `json:"intervals"`
	MeanMS    int64 `json:"mean_ms"`
	SpreadMS  int64 `json:"spread_ms"` // of the middle 80 %
}

// DigestOf sums up a session that has ended.
func DigestOf(p Policy, r study.Record, rows []study.Row) Digest {
	d := Digest{Session: r.ID, OpenedMS: r.OpenedMS, Device: r.DeviceKey, LastMS: r.OpenedMS, Hours: map[int64]int64{}, Checks: ChecksOf(r, rows)}
	for _, row := range rows {
		d.LastMS = row.AtMS
		d.CreditMS += row.CreditMS
		addHours(d.Hours, row.CreditFromMS, row.CreditMS)
	}
	d.Steady = steadiest(p.SteadyIntervals, rows)
	return d
}

// addHours adds a stretch of the clock to the hours it lies in.
func addHours(hours map[int64]int64, fromMS, ms int64) {
	for ms > 0 {
		part := min(ms, hourMS-fromMS%hourMS)
		hours[fromMS/hourMS] += part
		fromMS, ms = fromMS+part, ms-part
	}
}

// steadiest is the most even stretch of n intervals between beats of plain
// playing that were credited. Whatever a person does, and whatever goes wrong
// on the way, breaks the row.
func steadiest(n int, rows []study.Row) (best *Steady) {
	run := make([]study.Row, 0, len(rows))
	for _, row := range rows {
		if !plain(row) {
			run = run[:0]
			continue
		}
		run = append(run, row)
		if len(run) <= n {
			continue
		}
		if s := steadyOf(run[len(run)-n-1:]); best == nil || s.SpreadMS < best.SpreadMS {
			best = &s
		}
	}
	return best
}

// plain says that a timer alone may have sent the beat.
func plain(row study.Row) bool {
	r, err := study.UnpackReport(row.Report)
	return err == nil && r.State == study.Playing && r.Reply == nil && row.CreditMS > 0
}

func steadyOf(run []study.Row) Steady {
	n := len(run) - 1
	intervals := make([]int64, n)
	for i := range n {
		intervals[i] = run[i+1].AtMS - run[i].AtMS
	}
	slices.Sort(intervals)
	from, to := run[0].AtMS, run[n].AtMS
	return Steady{FromMS: from, ToMS: to, Intervals: n, MeanMS: (to - from) / int64(n), SpreadMS: intervals[n-1-n/10] - intervals[n/10]}
}
