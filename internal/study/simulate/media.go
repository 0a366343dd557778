package simulate

import (
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// segments are the first and the last that [from, to) lies in; a document is one.
func (l lesson) segments(from, to int64) (first, last int64) {
	if l.reading() {
		return 0, 0
	}
	return from / documented.segmentMS, (min(to, l.lengthMS) - 1) / documented.segmentMS
}

// fetch gets the media of a stretch, as far as the budget goes.
func (d *device) fetch(from, to int64) {
	if d.s < 0 || from >= d.length() {
		return
	}
	first, last := d.about().segments(from, to)
	for n := first; n <= last; n++ {
		if d.have[n] {
			continue
		}
		if code := d.get(n); code != "" {
			return
		}
	}
}

// fetchAgain gets all segments of a claim, had or not.
func (d *device) fetchAgain(spans []span) {
	for _, s := range spans {
		first, last := d.about().segments(s.from, s.to)
		for n := first; n <= last && d.s >= 0; n++ {
			d.h.fetchedAgain++
			d.get(n)
		}
	}
}

// get asks for one segment, or for the document; at a new address when the old one has expired.
func (d *device) get(n int64) string {
	code := d.getOnce(n)
	if code == expired && d.enlist() == "" {
		code = d.getOnce(n)
	}
	return code
}

func (d *device) getOnce(n int64) string {
	h, i := d.h, d.via()
	session := d.s
	a := deliverAct{session: session, segment: n, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	a.code = h.ask(i, 2, nil, func(e *engine.Engine) (err error) {
		h.unwritten[i][session] = true // from the verdict on, which comes before the answer
		if d.about().reading() {
			_, err = e.Document(h.ctx(), h.learner.person, h.sessions[session].id, "")
			return err
		}
		proof, expires := d.list.Sign("720p", int(n))
		_, err = e.Deliver(h.ctx(), engine.SegmentRequest{Session: h.sessions[session].id, Rendition: "720p", Number: int(n), Expires: expires, Proof: proof})
		return err
	})
	a.end = h.moment()
	h.delivers = append(h.delivers, a)
	h.tell("device %s@%s S%d segment %d -> %s", d.name, a.server, session, n, said(a.code))
	switch a.code {
	case "":
		d.have[n] = true
	case lost: // Redis may know of it, and nobody else until it is asked for again
		h.gone[session] = true
	case "fenced", "session-closed":
		d.drop()
	}
	return a.code
}

// advance plays for so long what is in hand.
func (d *device) advance(before, ms int64) {
	if late := d.movesMS - before; late > 0 {
		before, ms = before+late, ms-late
	}
	if d.s < 0 || !d.playing || ms <= 0 {
		return
	}
	if d.honest {
		ms = min(ms, d.heardMS+patienceMS-before)
	}
	end, rate := d.at, d.rate
	if d.about().reading() {
		rate, ms = 100, min(ms, d.readable())
		if d.have[0] {
			end = d.length()
		}
	}
	for !d.about().reading() && d.have[end/documented.segmentMS] && end < d.length() {
		end = min((end/documented.segmentMS+1)*documented.segmentMS, d.length())
	}
	to := min(end, d.at+ms*rate/100)
	if to <= d.at {
		return
	}
	if n := len(d.spans); n > 0 && d.spans[n-1].to == d.at && d.spans[n-1].rate == rate {
		d.spans[n-1].to = to
	} else {
		d.spans = append(d.spans, span{d.at, to, rate})
	}
	d.at = to
	if d.at >= d.length() {
		d.playing = false
	}
}

// readable is how much longer a document may be read.
func (d *device) readable() int64 {
	left := d.length() - d.toldMS - wallOf(d.spans)
	if d.out != nil {
		left -= wallOf(d.out.spans)
	}
	return left
}
