package engine

import (
	"context"
	"sync"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// flight is one beat on its way: judged in one batch, kept in another, and
// only then is whoever waits for it woken, once.
type flight struct {
	studyredis.Asked
	meta *study.Meta
	kept studydb.Kept
	err  error
	done chan struct{}
}

// flights are used again: with its beat and its state a flight is a kilobyte.
var flights = sync.Pool{New: func() any { return &flight{done: make(chan struct{}, 1)} }}

func takeOff(a studyredis.Asked, m *study.Meta) *flight {
	f := flights.Get().(*flight)
	f.Asked, f.meta = a, m
	return f
}

// land gives f back. One whose end nobody waited for is still under way and must not be.
func (f *flight) land() {
	*f = flight{done: f.done}
	flights.Put(f)
}

// wait is false when ctx ends first.
func (f *flight) wait(ctx context.Context) bool {
	select {
	case <-f.done:
		return true
	case <-ctx.Done():
		return false
	}
}

func (f *flight) end(err error) {
	f.err = err
	f.done <- struct{}{}
}

// judgeAll gives a batch its time and its links and asks the script; what was
// accepted goes on to be kept.
func (e *Engine) judgeAll(ctx context.Context, batch []*flight) {
	now := e.nowMS()
	asked := make([]*studyredis.Asked, len(batch))
	for i, f := range batch {
		b := &f.Beat
		b.Next = study.Link(b.Chain, f.Who.Session, b.Seq, now, b.Report)
		if e.o.Policy.ChecksPerHour > 0 {
			b.Luck = e.o.Keys.Luck(b.Next)
		}
		asked[i] = &f.Asked
	}
	err := e.o.Hot.Judge(ctx, asked, now)
	for _, f := range batch {
		if err != nil || f.Verdict > study.Repeated {
			f.end(err)
			continue
		}
		e.keeping.add(ctx, f)
	}
}

type rowID struct {
	session [16]byte
	seq     int64
}

// rowsOf are the different beats of a batch, and where in them each flight's is. A batch takes up a
// quarter of a megabyte, so it is used again.
type rowsOf struct {
	rows  []study.Row
	at    []int // by the flight
	place map[rowID]int
}

var rowRooms = sync.Pool{New: func() any { return &rowsOf{place: map[rowID]int{}} }}

func (r *rowsOf) fill(batch []*flight) {
	for _, f := range batch {
		id := rowID{f.Who.Session, f.State.Seq}
		at, twice := r.place[id]
		if !twice {
			at = len(r.rows)
			r.place[id] = at
			row, _ := f.State.LastRow(*f.meta)
			row.Again = f.Verdict == study.Repeated
			r.rows = append(r.rows, row)
		}
		r.at = append(r.at, at)
	}
}

func (r *rowsOf) giveBack() {
	clear(r.rows) // they hold what Redis answered
	clear(r.place)
	r.rows, r.at = r.rows[:0], r.at[:0]
	rowRooms.Put(r)
}

// keepAll writes a batch in which the same beat may stand twice, asked for twice.
func (e *Engine) keepAll(ctx context.Context, batch []*flight) {
	r := rowRooms.Get().(*rowsOf)
	defer r.giveBack()
	r.fill(batch)
	var kept []studydb.Kept
	err := e.deliveries.before(ctx, batch)
	if err == nil {
		kept, err = e.o.Evidence.Keep(ctx, r.rows)
	}
	for i, f := range batch {
		if err == nil {
			at := r.at[i]
			f.kept = kept[at]
			if r.rows[at].Chain != f.State.Chain {
				f.kept = studydb.Different
			}
		}
		f.end(err)
	}
}
