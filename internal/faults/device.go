package faults

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// device is a session that plays.
type device struct {
	*learner
	student
	client    *client.Client
	session   *client.Session
	playlist  client.Playlist
	rnd       *rand.Rand // not the learner's: two devices may play at once
	rate      float64
	at        int64     // up to where it was claimed, ms of media
	since     time.Time // up to when
	buffered  int64     // up to where it was fetched
	completed bool
	check     *client.Check // open
	doubtful  bool          // an opening before this one got no answer
}

// done: all was played, and no check is left to answer.
func (d *device) done() bool { return d.at >= lessonMS && d.check == nil }

// play plays for a while and claims what was played. The picture goes on while
// a claim waits for its answer, as far as it was fetched.
func (d *device) play(ctx context.Context, length time.Duration) error {
	if err := d.fetch(ctx, d.at+int64(float64(length.Milliseconds())*d.rate)); err != nil {
		return err
	}
	time.Sleep(time.Until(d.since.Add(length)))
	elapsed := time.Since(d.since).Milliseconds()
	to := max(d.at, min(d.at+int64(float64(elapsed)*d.rate), d.buffered, lessonMS))
	c := claim{person: d.person, enrolment: d.enrolment, span: client.Span{FromMS: d.at, ToMS: to, Rate: d.rate}}
	if d.check != nil && (to == lessonMS || d.rnd.IntN(3) > 0) { // now, or with a later beat
		c.reply = d.check.ID
	}
	if !c.played() && c.reply == "" {
		return nil
	}
	a, err := d.report(ctx, c)
	if err != nil {
		return err
	}
	d.at, d.since, d.completed, d.check = to, d.since.Add(time.Duration(wallOf(c))*time.Millisecond), a.Completed, a.Presence
	if to == d.buffered { // it stood still: that time is not playing
		d.since = time.Now()
	}
	return nil
}

// report sends a claim until it is answered, and writes down both.
func (d *device) report(ctx context.Context, c claim) (client.Answer, error) {
	b := client.Beat{State: client.Playing, Visible: true}
	if c.played() {
		b.Spans = []client.Span{c.span}
	}
	if c.reply != "" {
		b.Reply = &client.Reply{ID: c.reply, Answer: []int{}}
	}
	seq, _ := d.session.Next()
	c.beatID = beatID{uuid.MustParse(d.session.Opened.ID), seq}
	c = d.j.claim(c)
	a, anew, err := d.session.Report(ctx, d.playlist, b)
	if err != nil {
		return a, err
	}
	d.j.acknowledge(c, a)
	d.j.count(func(n *Counts) {
		if anew {
			n.Redelivered++
		}
		if c.reply != "" {
			n.Checks++
		}
	})
	return a, nil
}

// fetch fetches until the buffer reaches so far.
func (d *device) fetch(ctx context.Context, to int64) error {
	for _, x := range d.playlist.Between(d.at, min(to, lessonMS)) {
		if x.ToMS <= d.buffered {
			continue
		}
		if err := d.client.Insist(ctx, func() error { _, err := d.session.Fetch(ctx, x); return err }); err != nil {
			return err
		}
		d.buffered = x.ToMS
	}
	return nil
}

func (d *device) close(ctx context.Context) error {
	return d.client.Insist(ctx, func() error { return d.session.Close(ctx) })
}
