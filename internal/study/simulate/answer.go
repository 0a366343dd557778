package simulate

import "encoding/binary"

// Honest people answer a check before so little time is left.
const enoughLeftMS = 18_000

// attend answers the open check, at once or after a little.
func (d *device) attend() {
	if d.asked.leftMS-(d.h.nowMS()-d.heardMS) > enoughLeftMS && d.h.chance(30) {
		d.play(d.h.between(1000, 5000))
	}
	d.report()
}

// reply is what the next beat says to the open check; nil: nothing.
func (d *device) reply() *reply {
	if d.honest {
		return d.honestReply()
	}
	return d.otherReply()
}

func (d *device) honestReply() *reply {
	if !d.asked.open() {
		return nil
	}
	if !d.asked.extended && !d.asked.paused && d.h.chance(12) {
		return &reply{id: d.asked.id, more: true}
	}
	return d.rightly()
}

func (d *device) rightly() *reply { return &reply{id: d.asked.id, mask: d.asked.right, right: true} }

// guess answers without looking, which is right where nothing is asked.
func (d *device) guess() *reply {
	mask := uint16(d.h.between(1, max(1, int64(1)<<d.asked.choices-1)))
	return &reply{id: d.asked.id, mask: mask, right: d.asked.choices == 0 || mask == d.asked.right}
}

// otherReply is what somebody says who may be elsewhere.
func (d *device) otherReply() *reply {
	roll := d.h.rng.IntN(100)
	if !d.asked.open() {
		if roll < 3 {
			return d.madeUp()
		}
		return nil
	}
	switch {
	case roll < 45: // nobody looks
		return nil
	case roll < 70:
		return d.rightly()
	case roll < 86:
		return d.guess()
	case roll < 93:
		return d.madeUp()
	}
	return &reply{id: d.asked.id, more: true}
}

// madeUp answers a check that is not open: one from before, or none there ever was.
func (d *device) madeUp() *reply {
	for i := len(d.old) - 1; i >= 0; i-- {
		if r := d.old[i].reply; r != nil && r.id != d.asked.id {
			again := *r
			return &again
		}
	}
	r := &reply{mask: 1}
	binary.BigEndian.PutUint64(r.id[:], d.h.rng.Uint64()|1)
	return r
}
