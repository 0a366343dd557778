package studyredis

import (
	"encoding/binary"
	"errors"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// The layout of a state is the formats FIXED and RARE of state.lua, two sets, LIVE, the report and what is pending: big-endian,
// without gaps. What follows is room to grow.

// The bits of a state's flags.
const (
	flagClosed = 1 << iota
	flagCompleted
	flagWrong
	flagExtended
	flagAsked
)

const (
	fixedSize = 1 + 2*8 + 4*4 + 2*2 + 4 + 8 + 4 + 8 + 4 + len(study.CheckID{}) + 8 + 4
	liveSize  = 1 + 4 + 2*8 + 7*4 + 2*study.ChainSize + 3*2
	growth    = 32 // as ROOM in state.lua
)

var be = binary.BigEndian

func flagsOf(s *study.State) (flags byte) {
	for i, set := range [...]bool{s.Closed, s.Completed, s.Check.Wrong, s.Check.Extended, s.Check.Open()} {
		if set {
			flags |= 1 << i
		}
	}
	return flags
}

func packState(s *study.State) []byte {
	pendingAt := 0
	for pendingAt < len(s.Pending) && s.Pending[pendingAt] == 0 {
		pendingAt++
	}
	pending := s.Pending[pendingAt:]
	b := make([]byte, 0, fixedSize+liveSize+len(s.Report)+len(s.Covered)+len(pending)+len(s.Delivered)+growth)
	b = append(b, flagsOf(s))
	b = be.AppendUint64(b, uint64(s.Fence))
	b = be.AppendUint64(b, uint64(s.OpenedMS))
	b = appendU32(b, s.DurationMS, s.UnitMS, s.NeedS, s.CoveredS)
	b = appendU16(b, len(s.Covered), len(s.Delivered))
	b = appendU32(b, s.WindowMS)
	b = be.AppendUint64(b, uint64(s.VerifiedMS))
	b = appendU32(b, s.ForfeitedMS)
	b = be.AppendUint64(b, uint64(s.DeliveredMS))
	b = appendU32(b, s.CompletedSeq)
	b = append(b, s.Check.ID[:]...)
	b = be.AppendUint64(b, uint64(s.Check.ByMS))
	b = appendU32(b, s.Check.Seq)
	b = append(b, s.Covered...)
	b = append(b, s.Delivered...)
	b = append(b, byte(s.Outcome))
	b = appendU32(b, s.Seq)
	b = be.AppendUint64(b, uint64(s.LastMS))
	b = be.AppendUint64(b, uint64(s.CreditFromMS))
	b = appendU32(b, s.CreditMS, s.ResumeMS, s.Part.From, s.Part.To, s.PendingMS, s.UncheckedMS, s.PendingS)
	b = append(b, s.PrevChain[:]...)
	b = append(b, s.Chain[:]...)
	b = appendU16(b, len(s.Report), pendingAt, len(pending))
	b = append(b, s.Report...)
	b = append(b, pending...)
	return append(b, make([]byte, growth)...)
}

func appendU32(b []byte, all ...int64) []byte {
	for _, n := range all {
		b = be.AppendUint32(b, uint32(n))
	}
	return b
}

func appendU16(b []byte, all ...int) []byte {
	for _, n := range all {
		b = be.AppendUint16(b, uint16(n))
	}
	return b
}

var errState = errors.New("what Redis holds of a session is not ours")

// cut reads numbers off the front of a text.
type cut struct{ b []byte }

func (c *cut) take(n int) []byte {
	head := c.b[:n:n] // who adds to it must not write over what follows
	c.b = c.b[n:]
	return head
}
func (c *cut) u16() int   { return int(be.Uint16(c.take(2))) }
func (c *cut) u32() int64 { return int64(be.Uint32(c.take(4))) }
func (c *cut) u64() int64 { return int64(be.Uint64(c.take(8))) }

// unpackState reads a state, whose sets and report lie in text from then on.
// live, if there is any, is the end of it that is new.
func unpackState(text, live []byte) (s study.State, err error) {
	if len(text) < fixedSize {
		return s, errState
	}
	c := cut{text}
	flags := c.take(1)[0]
	s.Closed, s.Completed = flags&flagClosed != 0, flags&flagCompleted != 0
	s.Check.Wrong, s.Check.Extended = flags&flagWrong != 0, flags&flagExtended != 0
	s.Fence, s.OpenedMS = c.u64(), c.u64()
	s.DurationMS, s.UnitMS, s.NeedS, s.CoveredS = c.u32(), c.u32(), c.u32(), c.u32()
	covered, delivered := c.u16(), c.u16()
	s.WindowMS, s.VerifiedMS, s.ForfeitedMS, s.DeliveredMS, s.CompletedSeq = c.u32(), c.u64(), c.u32(), c.u64(), c.u32()
	s.Check.ID = study.CheckID(c.take(len(s.Check.ID)))
	s.Check.ByMS, s.Check.Seq = c.u64(), c.u32()
	if len(c.b) < covered+delivered {
		return s, errState
	}
	s.Covered, s.Delivered = c.take(covered), c.take(delivered)
	if len(live) == 0 {
		live = c.b
	}
	return s, unpackLive(&s, live)
}

func unpackLive(s *study.State, live []byte) error {
	if len(live) < liveSize {
		return errState
	}
	c := cut{live}
	s.Outcome = study.Outcome(c.take(1)[0])
	s.Seq, s.LastMS, s.CreditFromMS, s.CreditMS, s.ResumeMS = c.u32(), c.u64(), c.u64(), c.u32(), c.u32()
	s.Part = study.Run{From: c.u32(), To: c.u32()}
	s.PendingMS, s.UncheckedMS, s.PendingS = c.u32(), c.u32(), c.u32()
	s.PrevChain, s.Chain = study.Chain(c.take(study.ChainSize)), study.Chain(c.take(study.ChainSize))
	reported, pendingAt, pending := c.u16(), c.u16(), c.u16()
	if len(c.b) < reported+pending {
		return errState
	}
	s.Report = c.take(reported)
	if pending > 0 {
		s.Pending = append(make(study.Bits, pendingAt, pendingAt+pending), c.take(pending)...)
	}
	return nil
}

// appendBeat writes a beat as read_beat of judge.lua reads it.
func appendBeat(out []byte, b *study.Beat) []byte {
	out = be.AppendUint32(out, uint32(b.Seq))
	out = append(out, b.Chain[:]...)
	out = append(out, b.Next[:]...)
	out = be.AppendUint64(out, uint64(b.Claim.WallMS))
	out = be.AppendUint64(out, uint64(b.Claim.MediaMS))
	out = be.AppendUint32(out, uint32(int32(b.Claim.Playhead)))
	out = be.AppendUint32(out, b.Luck)
	out = append(out, replyOf(b.Reply))
	out = append(out, byte(len(b.Claim.Runs)))
	out = be.AppendUint16(out, uint16(len(b.Report)))
	for i, r := range b.Claim.Runs {
		out = be.AppendUint32(out, uint32(r.From))
		out = be.AppendUint32(out, uint32(r.To))
		out = be.AppendUint32(out, uint32(b.Needs[i].First))
		out = be.AppendUint32(out, uint32(b.Needs[i].Last))
	}
	return append(out, b.Report...)
}

// replyOf says what kind of reply a beat has; its id and choices are in the report.
func replyOf(r *study.Reply) byte {
	switch {
	case r == nil:
		return 0
	case r.MoreTime:
		return 3
	case r.Right:
		return 2
	}
	return 1
}

func packPerson(p study.Person) []byte {
	return be.AppendUint64(be.AppendUint64(nil, uint64(p.Fence)), uint64(p.UntilMS))
}

func packPolicy(p study.Policy) []byte {
	var b []byte
	var mean int64
	if p.ChecksPerHour > 0 {
		mean = p.MeanGap()
	}
	for _, n := range []int64{int64(p.MaxRate), p.LookAhead.Milliseconds(), p.Grace.Milliseconds(), int64(max(0, p.ChecksPerHour)), mean, p.CheckGap.Milliseconds(), keep.Milliseconds()} {
		b = be.AppendUint64(b, uint64(n))
	}
	return b
}
