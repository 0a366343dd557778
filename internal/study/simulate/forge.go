package simulate

// forge is one of the things that a dishonest client tries.
func (d *device) forge() {
	b := beat{token: d.token, seq: d.seq, spans: []span{{d.at, min(d.at+15_000, d.length()), 100}}}
	if b.spans[0].to <= b.spans[0].from {
		b.spans[0].from = 0
		b.spans[0].to = min(15_000, d.length())
	}
	d.out = nil // it does not keep to the protocol
	d.twist(&b)
	if d.s >= 0 {
		d.try(&b)
	}
}

// twist makes one thing of a beat wrong.
func (d *device) twist(b *beat) {
	h, s := d.h, &b.spans[0]
	switch h.rng.IntN(17) {
	case 0: // what was not played, though it was sent
		d.fetch(0, 60_000)
	case 1: // what was not sent
		h.pass(15_000)
		s.from = h.rng.Int64N(d.length())
		s.to = min(s.from+10_000, d.length())
	case 2: // more than the clock
		d.fetch(s.from, s.to)
		h.pass(h.between(0, 3000))
	case 3: // the grace, and more, at once
		h.pass(h.between(100_000, 400_000))
		b.spans = []span{{0, min(60_000, d.length()), 25}}
	case 4:
		h.pass(10_000)
		s.rate = h.between(201, 1600)
	case 5:
		s.rate = h.between(1, 24)
	case 6:
		s.from, s.to = s.to, s.from
	case 7:
		s.to = d.length() + h.between(1, 5000)
	case 8: // the same second again and again
		d.fetch(0, 6000)
		h.pass(h.between(1000, 30_000))
		b.spans = nil
		for range h.between(2, 40) {
			b.spans = append(b.spans, span{0, min(1000, d.length()), 200})
		}
	case 9: // out of turn
		b.seq += h.between(1, 3)
	case 10: // an old token
		if len(d.old) > 0 {
			b.token = d.old[h.rng.IntN(len(d.old))].token
		}
	case 11: // an old beat
		if len(d.old) > 0 {
			*b = d.old[h.rng.IntN(len(d.old))]
		}
	case 12: // the same beat with another claim
		if len(d.old) > 0 {
			b.token, b.seq = d.old[len(d.old)-1].token, d.old[len(d.old)-1].seq
		}
	case 13: // an answer to a check that is not the open one
		h.pass(10_000)
		b.reply = d.madeUp()
	case 14: // guesses
		h.pass(10_000)
		b.reply = d.guess()
	case 15: // reads without looking
		h.pass(10_000)
		b.hidden = true
	default: // everything at once, then at leisure
		d.fetch(0, d.length())
		h.pass(h.between(5_000, 40_000))
		s.from, s.to = 0, min(30_000, d.length())
		s.rate = 200
	}
}

// try sends a forged beat; once refused its claim is forgotten.
func (d *device) try(b *beat) {
	a := d.send(*b, d.via(), 12, func() {})
	if a.ok() && b.seq == d.seq || a.code == "fenced" || a.code == "session-closed" {
		d.hear(b, a)
	}
	if a.code == lost {
		d.out = b // asked again, as anybody would
	}
}
