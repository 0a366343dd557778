package simulate

import "encoding/binary"

// openCheck is a check that somebody has to answer.
type openCheck struct {
	id          checkID // zero: none
	askedMS     int64
	byMS        int64
	seq         int64 // the beat that was told of it; 0: the opening
	wrong, more bool
	paused      bool // one was missed: nothing counts before this one is answered
}

func (c openCheck) open() bool { return c.id != checkID{} }

// lessonSum is what a person has in a lesson.
type lessonSum struct {
	confirmedMS, pendingMS, forfeitedMS int64
	check                               openCheck
	completed                           bool
	waiting                             []int // rows whose credit is pending
}

// follower goes through a history's evidence in order.
type follower struct {
	*verdict
	of        map[int]*lessonSum // by lesson
	confirmed []bool             // by row: its credit was confirmed
	unchecked int64              // credited to the person since they last passed a check
	session   int                // of the row before
	seq       int64
	atMS      int64 // of it
}

// presence: credit waits for a check, is confirmed by a right answer in time
// and by nothing else but the end of the lesson, and is forfeited by a missed one.
func (v *verdict) presence() {
	f := &follower{verdict: v, of: map[int]*lessonSum{}, confirmed: make([]bool, len(v.r.rows)), session: -1}
	v.after = make([]lessonSum, len(v.r.rows))
	for i := range v.r.rows {
		e := v.r.rows[i]
		s := v.r.sessions[e.session]
		l := f.of[s.lesson]
		if l == nil {
			l = &lessonSum{}
			f.of[s.lesson] = l
		}
		if e.session != f.session {
			f.begin(e.session, l)
		}
		f.follow(i, l)
		f.seq, f.atMS = e.seq, e.atMS
		v.after[i] = *l
	}
	v.sums, v.good = f.of, f.confirmed
}

// begin: a check that is owed gets a new window with the session.
func (f *follower) begin(session int, l *lessonSum) {
	s := f.r.sessions[session]
	f.session, f.seq, f.atMS = session, 0, s.openedMS
	l.check.seq = 0
	if l.check.open() && !l.check.paused {
		l.check.askedMS, l.check.byMS = s.openedMS, s.openedMS+f.window()
	}
}

func (f *follower) window() int64 { return f.rules.windowMS * f.r.windowPercent / 100 }

// follow adds one row and holds its outcome against what it must have been.
func (f *follower) follow(i int, l *lessonSum) {
	const promise = "pending until confirmed"
	e := f.r.rows[i]
	l.pendingMS += e.creditMS
	f.unchecked += e.creditMS
	l.waiting = append(l.waiting, i)
	rep := f.replyOf(e)
	if rep != nil && (!l.check.open() || rep.id != l.check.id) {
		f.breach(promise, "S%d #%d answers %x, which is not the open check", e.session, e.seq, rep.id)
		rep = nil
	}
	if l.check.paused && e.creditMS > 0 {
		f.breach(promise, "S%d #%d is credited while study is paused", e.session, e.seq)
	}
	if l.check.open() {
		if want := f.due(e, rep, l.check); e.outcome != want {
			f.breach(promise, "S%d #%d was taken as %d, and is %d", e.session, e.seq, e.outcome, want)
		}
	} else {
		f.unasked(e, l)
	}
	f.become(i, l)
}

// due is what a beat is while a check is open.
func (f *follower) due(e row, rep *reply, c openCheck) outcome {
	until := c.byMS
	if f.seq == c.seq { // cut off ever since
		until = max(until, f.atMS+f.rules.graceMS)
	}
	switch {
	case !c.paused && e.atMS > until:
		return missed
	case rep == nil:
		return waitingForCheck
	case rep.more:
		if c.more || c.paused {
			return waitingForCheck
		}
		return extended
	case rep.right:
		return passed
	case c.wrong:
		return missed
	}
	return wrong
}

// unasked holds a row against what may be without an open check: checks are neither too dense nor left out.
func (f *follower) unasked(e row, l *lessonSum) {
	const promise = "checks come at random moments"
	switch e.outcome {
	case waitingForCheck:
		if e.creditMS > 0 && f.unchecked >= 2*f.rules.meanMS {
			f.breach(promise, "S%d #%d: nobody was asked for %d ms", e.session, e.seq, f.unchecked)
		}
	case askedNow:
		if e.creditMS == 0 || f.unchecked <= f.rules.gapMS {
			f.breach(promise, "S%d #%d asks after %d ms", e.session, e.seq, f.unchecked)
		}
	case finished:
		if l.completed {
			f.breach("once is once", "S%d #%d finishes a lesson that is complete", e.session, e.seq)
		}
	default:
		f.breach("pending until confirmed", "S%d #%d is %d, with no check open", e.session, e.seq, e.outcome)
	}
}

// become is what an outcome makes of the lesson.
func (f *follower) become(i int, l *lessonSum) {
	e := f.r.rows[i]
	switch e.outcome {
	case askedNow:
		l.check = openCheck{id: f.checkFrom(e), askedMS: e.atMS, byMS: e.atMS + f.window(), seq: e.seq}
	case waitingForCheck:
		f.back(e, &l.check)
	case wrong:
		f.back(e, &l.check)
		l.check.id, l.check.seq, l.check.wrong = f.checkFrom(e), e.seq, true
	case extended:
		l.check.more = true
		l.check.byMS = max(l.check.byMS, e.atMS) + f.window()
	case missed:
		l.forfeitedMS += l.pendingMS
		l.pendingMS, l.waiting = 0, nil
		l.check = openCheck{id: f.checkFrom(e), seq: e.seq, paused: true}
	case passed:
		l.check, f.unchecked = openCheck{}, 0
		f.confirm(l)
	case finished:
		f.confirm(l)
		l.completed = true
	default:
	}
}

// back: who was cut off until the window was over has a whole one once heard of again.
func (f *follower) back(e row, c *openCheck) {
	if c.open() && !c.paused && e.atMS > c.byMS {
		c.byMS = e.atMS + f.window()
	}
}

func (f *follower) confirm(l *lessonSum) {
	for _, i := range l.waiting {
		f.confirmed[i] = true
	}
	l.confirmedMS += l.pendingMS
	l.pendingMS, l.waiting = 0, nil
}

// checkFrom is the check that a beat asked: its id begins with the beat's link,
// and ends with a place that only answers tell.
func (f *follower) checkFrom(e row) (id checkID) {
	copy(id[:], e.chain[:])
	for _, b := range f.r.beats {
		if b.ok() && [12]byte(b.told.asked.id[:12]) == e.chain {
			return b.told.asked.id
		}
	}
	for _, o := range f.r.opens {
		if o.ok() && [12]byte(o.told.asked.id[:12]) == e.chain {
			return o.told.asked.id
		}
	}
	return id
}

// replyOf reads the reply of a row; whether it was right is known to who sent it.
func (v *verdict) replyOf(e row) *reply {
	if len(e.report) <= replyBytes || e.report[0]&hasReply == 0 {
		return nil
	}
	tail := e.report[len(e.report)-replyBytes:]
	r := reply{id: checkID(tail[:16]), mask: binary.BigEndian.Uint16(tail[16:]), more: e.report[0]&wantsMore != 0}
	for _, b := range v.sent(e) {
		if b.reply != nil && b.reply.id == r.id && b.reply.mask == r.mask {
			r.right = b.reply.right
		}
	}
	return &r
}

// honestPresence: who answers rightly and in time misses nothing, unless cut off for longer than the grace.
func (v *verdict) honestPresence() {
	for i, e := range v.r.rows {
		if !v.r.sessions[e.session].honest || e.outcome != missed && e.outcome != wrong {
			continue
		}
		var before openCheck
		for j := range v.r.rows[:i] {
			if v.sameLesson(v.r.rows[j].session, e.session) {
				before = v.after[j].check
			}
		}
		asked := max(before.askedMS, v.r.sessions[e.session].openedMS)
		if e.outcome == wrong || e.atMS-asked <= v.rules.graceMS {
			v.breach("honest people lose nothing", "S%d #%d: a check asked at %d was taken as %d at %d", e.session, e.seq, asked, e.outcome, e.atMS)
		}
	}
}
