package faults

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// learner is a place at which one person after another studies the lesson
// honestly, at the pace of the clock, and as the protocol asks.
type learner struct {
	s   *stage
	j   *journal
	r   *road
	rnd *rand.Rand
	// stop says that it is enough: whoever studies sends a last beat and closes.
	stop <-chan struct{}
}

func (l *learner) stopped() bool {
	select {
	case <-l.stop:
		return true
	default:
		return false
	}
}

func (l *learner) run(ctx context.Context) {
	for !l.stopped() && ctx.Err() == nil {
		select {
		case p := <-l.s.course.people:
			l.j.count(func(c *Counts) { c.People++ })
			if err := l.study(ctx, p); err != nil {
				l.j.breach("honest people lose nothing", "%s was refused: %v", p.person, err)
			}
		default:
			l.j.breach("the run", "there are no more people")
			return
		}
	}
}

// study takes one person through the lesson, on as many devices as it takes.
func (l *learner) study(ctx context.Context, p student) error {
	c := &client.Client{Base: publicURL, SignIn: p.cookie, HTTP: l.r.client(), Pause: 50 * time.Millisecond, MaxPause: 500 * time.Millisecond}
	d, err := l.open(ctx, p, c, false)
	for err == nil && !d.done() && !l.stopped() {
		switch n := l.rnd.IntN(100); {
		case n < 4:
			l.j.count(func(c *Counts) { c.Reopened++ })
			if err = d.close(ctx); err == nil {
				d, err = l.open(ctx, p, c, false)
			}
		case n < 8:
			l.j.count(func(c *Counts) { c.TakenOver++ })
			d, err = l.takeOver(ctx, d)
		default:
			err = d.play(ctx, time.Duration(50+l.rnd.IntN(250))*time.Millisecond)
		}
	}
	if err != nil {
		return err
	}
	if d.done() && !d.completed {
		l.j.breach("honest people lose nothing", "%s played the whole lesson, and it is not complete", p.person)
	}
	return d.close(ctx)
}

// open opens a session until it is answered. An answer that was lost leaves a
// session of one's own in the way, which is then taken over.
func (l *learner) open(ctx context.Context, p student, c *client.Client, takeOver bool) (d *device, err error) {
	d = &device{learner: l, student: p, client: c, rate: []float64{1, 1, 1.25, 2}[l.rnd.IntN(4)]}
	err = c.Insist(ctx, func() (err error) {
		if takeOver {
			d.session, err = c.TakeOver(ctx, l.s.course.Lesson.String())
		} else if d.session, err = c.Open(ctx, l.s.course.Lesson.String()); client.CodeOf(err) == client.LeaseHeld && d.failed {
			d.session, err = c.TakeOver(ctx, l.s.course.Lesson.String())
		}
		d.failed = d.failed || err != nil
		return err
	})
	if err != nil {
		return d, err
	}
	l.j.count(func(c *Counts) { c.Sessions++ })
	o := d.session.Opened
	d.at, d.since, d.completed, d.check = o.ResumeAtMS, time.Now().Add(2*time.Millisecond), o.Completed, o.Presence
	return d, c.Insist(ctx, func() (err error) {
		d.playlist, err = d.session.Playlist(ctx)
		return err
	})
}

// takeOver lets another device of the person take over, while the one there is
// sends a beat: it is acknowledged or fenced, and fenced in any case afterwards.
func (l *learner) takeOver(ctx context.Context, old *device) (*device, error) {
	last := make(chan error, 1)
	go func() { last <- old.play(ctx, 50*time.Millisecond) }()
	time.Sleep(time.Duration(40+l.rnd.IntN(30)) * time.Millisecond)
	d, err := l.open(ctx, old.student, old.client, true)
	if lastErr := <-last; lastErr != nil && client.CodeOf(lastErr) != client.Fenced && client.CodeOf(lastErr) != client.SessionClosed {
		err = errors.Join(err, lastErr)
	}
	if err != nil {
		return d, err
	}
	// When Redis was lost meanwhile, nobody knows any more why it ended.
	_, err = old.session.Beat(ctx, client.Beat{State: client.Paused})
	if code := client.CodeOf(err); code != client.Fenced && code != client.SessionClosed {
		l.j.breach("one live session", "a device that was taken over beat on: %v", err)
	}
	return d, nil
}

// device is a session that plays.
type device struct {
	*learner
	student
	client    *client.Client
	session   *client.Session
	playlist  client.Playlist
	rate      float64
	at        int64     // up to where it was claimed, ms of media
	since     time.Time // up to when
	buffered  int64     // up to where it was fetched
	completed bool
	check     *client.Check // open
	failed    bool          // an opening got no answer
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
