package faults

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

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
				l.j.breach(honest, "%s was refused: %v", p.person, err)
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
		// An opening that got no answer was carried out late, and the person is asked once more.
		if client.CodeOf(err) == client.Fenced && d.doubtful {
			d, err = l.open(ctx, p, c, true)
		}
	}
	if err != nil {
		return err
	}
	if d.done() && !d.completed {
		l.j.breach(honest, "%s played the whole lesson, and it is not complete", p.person)
	}
	return d.close(ctx)
}

// open opens a session until it is answered. An answer that was lost leaves a
// session of one's own in the way, which is then taken over.
func (l *learner) open(ctx context.Context, p student, c *client.Client, takeOver bool) (d *device, err error) {
	d = &device{learner: l, student: p, client: c, rnd: rand.New(rand.NewPCG(l.rnd.Uint64(), 0)), rate: []float64{1, 1, 1.25, 2}[l.rnd.IntN(4)]}
	lesson := l.s.course.Lesson.String()
	err = c.Insist(ctx, func() (err error) {
		if takeOver {
			d.session, err = c.TakeOver(ctx, lesson)
		} else {
			d.session, err = c.Open(ctx, lesson)
		}
		var answered *client.Problem
		d.doubtful = d.doubtful || err != nil && !errors.As(err, &answered)
		takeOver = takeOver || err != nil
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
		l.j.breach(oneSession, "a device that was taken over beat on: %v", err)
	}
	return d, nil
}
