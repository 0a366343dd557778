package simulate

import (
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// fetch gets the media from here on, as far as the budget goes.
func (d *device) fetch(from, to int64) {
	for n := from / documented.segmentMS; n*documented.segmentMS < min(to, d.length()); n++ {
		if d.have[n] {
			continue
		}
		if code := d.get(n); code != "" {
			return
		}
	}
}

// get asks for one segment.
func (d *device) get(n int64) string {
	h, i := d.h, d.via()
	session := d.s
	if session < 0 {
		return "session-closed"
	}
	a := deliverAct{session: session, segment: n, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	h.unwritten[i][session] = true // from the verdict on, which comes before the answer
	proof, expires := d.list.Sign("720p", int(n))
	if h.chance(10) {
		h.arm(i, nil)
	}
	a.code = h.call(i, func(e *engine.Engine) error {
		_, err := e.Deliver(h.ctx, engine.SegmentRequest{Session: h.sessions[session].id, Rendition: "720p", Number: int(n), Expires: expires, Proof: proof})
		return err
	})
	h.disarm(i)
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
func (d *device) advance(ms int64) {
	if d.s < 0 || !d.playing {
		return
	}
	if d.honest {
		ms = min(ms, d.heardMS+patienceMS-d.h.nowMS())
	}
	end := d.at
	for d.have[end/documented.segmentMS] && end < d.length() {
		end = min((end/documented.segmentMS+1)*documented.segmentMS, d.length())
	}
	to := min(end, d.at+ms*d.rate/100)
	if to <= d.at {
		return
	}
	if n := len(d.spans); n > 0 && d.spans[n-1].to == d.at && d.spans[n-1].rate == d.rate {
		d.spans[n-1].to = to
	} else {
		d.spans = append(d.spans, span{d.at, to, d.rate})
	}
	d.at = to
	if d.at >= d.length() {
		d.playing = false
	}
}
