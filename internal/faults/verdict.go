package faults

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// The promises of docs/study-time.md that are held here.
const (
	durable    = "acknowledged is durable"
	once       = "once is once"
	oneSession = "one live session"
	theClock   = "never more than the clock"
	delivered  = "never more than was delivered"
	honest     = "honest people lose nothing"
	byItself   = "it comes back by itself"
	unaltered  = "never rewritten"
	hours      = "hours exactly once"
)

// graceMS is how far back a beat may reach.
const graceMS = 180_000

// record is what was noted outside.
type record struct {
	claims    map[beatID]claim
	told      []told
	completed map[uuid.UUID]bool
}

// verdict holds a record against the evidence.
type verdict struct {
	record
	evidence
	keys *study.Keys
	// lostMS were acknowledged and are not there; twiceMS are credited a second time.
	lostMS, twiceMS int64
	breach          func(promise, format string, a ...any)
}

// judge looks at everything, when everybody has closed.
func (v *verdict) judge() {
	kept := byID(v.rows)
	v.lost(kept, v.told)
	v.claimed()
	v.clock()
	v.chains()
	v.sent()
	v.figures()
	v.hours()
}

// lost: every beat that was acknowledged is there, as it was claimed and told.
func (v *verdict) lost(kept map[beatID]row, all []told) {
	for _, t := range all {
		r, found := kept[t.beatID]
		if !found {
			v.lostMS += wallOf(t.claim)
			v.breach(durable, "beat %d of session %s was acknowledged and is not there", t.beatID.seq, t.session)
			continue
		}
		if r.Credit != wallOf(t.claim) {
			v.lostMS += max(0, wallOf(t.claim)-r.Credit)
			v.breach(durable, "beat %d of session %s was acknowledged for %d ms and is credited %d", r.Seq, r.Session, wallOf(t.claim), r.Credit)
		}
		if link, ok := v.keys.OpenToken(t.Token, t.session, t.beatID.seq+1); !ok || !bytes.Equal(link[:], r.Chain) {
			v.breach(durable, "beat %d of session %s was acknowledged with another token than its evidence gives", r.Seq, r.Session)
		}
		if r.AtMS > t.at.UnixMilli() {
			v.breach(theClock, "beat %d of session %s was judged after it was answered", r.Seq, r.Session)
		}
	}
}

// claimed: every row is of a beat that somebody sent, with what it said.
func (v *verdict) claimed() {
	for _, r := range v.rows {
		c, sent := v.claims[beatID{r.Session, r.Seq}]
		if !sent || !bytes.Equal(r.Report, reportOf(c)) {
			v.breach(once, "beat %d of session %s is credited %d ms, and nobody sent it like that", r.Seq, r.Session, r.Credit)
		} else if r.Credit != wallOf(c) {
			v.breach(once, "beat %d of session %s is credited %d ms for %d of playing", r.Seq, r.Session, r.Credit, wallOf(c))
		}
	}
}

// clock: no moment is credited to a person twice, and none that had not passed.
func (v *verdict) clock() {
	used := map[uuid.UUID]int64{}
	for _, r := range v.rows {
		s := v.sessions[r.Session]
		end := r.CreditFrom + r.Credit
		if twice := used[s.Person] - r.CreditFrom; twice > 0 {
			v.twiceMS += min(twice, r.Credit)
			v.breach(theClock, "beat %d of session %s credits %d ms that were credited before", r.Seq, r.Session, twice)
		}
		if r.CreditFrom < max(s.OpenedMS, r.AtMS-graceMS) || end > r.AtMS {
			v.breach(theClock, "beat %d of session %s credits %d to %d at %d, opened at %d", r.Seq, r.Session, r.CreditFrom, end, r.AtMS, s.OpenedMS)
		}
		used[s.Person] = max(used[s.Person], end)
	}
}

// chains: no beat of a session was left out, put in or changed.
func (v *verdict) chains() {
	last := map[uuid.UUID]row{}
	for _, r := range v.rows {
		before, found := last[r.Session]
		if !found {
			before = row{Chain: v.sessions[r.Session].Chain}
		}
		text := slices.Concat(before.Chain, r.Session[:], binary.BigEndian.AppendUint64(nil, uint64(r.Seq)), binary.BigEndian.AppendUint64(nil, uint64(r.AtMS)), r.Report)
		if sum := sha256.Sum256(text); r.Seq != before.Seq+1 || !bytes.Equal(sum[:12], r.Chain) {
			v.breach(unaltered, "beat %d of session %s does not follow from the one before", r.Seq, r.Session)
		}
		last[r.Session] = r
	}
}

// sent: what is credited was delivered to the session that claims it.
func (v *verdict) sent() {
	for _, r := range v.rows {
		c := v.claims[beatID{r.Session, r.Seq}]
		bits := v.sessions[r.Session].Delivered
		for n := c.span.FromMS / segmentMS; n*segmentMS < c.span.ToMS; n++ {
			if c.played() && !has(bits, n) {
				v.breach(delivered, "beat %d of session %s claims segment %d, which it was not sent", r.Seq, r.Session, n)
			}
		}
	}
}

// hours: a completed lesson stands in the register once, and no other does.
func (v *verdict) hours() {
	for id := range v.completed {
		if v.completions[id] != 1 || v.registered[id] != 1 {
			v.breach(hours, "enrolment %s was told that it is complete; %d completions and %d entries in the register", id, v.completions[id], v.registered[id])
		}
	}
	for id, n := range v.registered {
		if n != v.completions[id] {
			v.breach(hours, "enrolment %s has %d entries in the register and %d completions", id, n, v.completions[id])
		}
	}
}

func (c claim) played() bool { return c.span.ToMS > c.span.FromMS }

// wallOf is the time a claim took: its length by its rate, rounded up.
func wallOf(c claim) int64 {
	if !c.played() {
		return 0
	}
	rate := int64(c.span.Rate * 100)
	return ((c.span.ToMS-c.span.FromMS)*100 + rate - 1) / rate
}

// reportOf is how the evidence keeps what a learner here sends: playing,
// visible, one span or none, and perhaps a reply to a check without choices.
func reportOf(c claim) []byte {
	b := []byte{4}
	if c.played() {
		b = binary.BigEndian.AppendUint32(b, uint32(c.span.FromMS))
		b = binary.BigEndian.AppendUint32(b, uint32(c.span.ToMS))
		b = binary.BigEndian.AppendUint16(b, uint16(c.span.Rate*100))
	}
	if id, err := base64.RawURLEncoding.DecodeString(c.reply); err == nil && len(id) > 0 {
		b[0] |= 8
		b = append(append(b, id...), 0, 0)
	}
	return b
}

func has(bits []byte, n int64) bool { return n/8 < int64(len(bits)) && bits[n/8]&(1<<(n%8)) != 0 }
