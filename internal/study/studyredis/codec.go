package studyredis

import (
	"encoding/binary"
	"errors"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// The layout of a state is the format STATE of judge.lua: big-endian, without gaps.

const (
	flagClosed    = 1
	flagCompleted = 2
	headerSize    = 1 + 8 + 4 + 8 + 8 + 4 + 8 + 8 + 4 + 4 + 4 + 8 + 4 + 4 + 4 + 2*study.ChainSize + 3*2
)

var be = binary.BigEndian

func packState(s *study.State) []byte {
	b := make([]byte, 0, headerSize+len(s.Report)+len(s.Covered)+len(s.Delivered))
	var flags byte
	if s.Closed {
		flags |= flagClosed
	}
	if s.Completed {
		flags |= flagCompleted
	}
	b = append(b, flags)
	b = be.AppendUint64(b, uint64(s.Fence))
	b = be.AppendUint32(b, uint32(s.Seq))
	b = be.AppendUint64(b, uint64(s.OpenedMS))
	b = be.AppendUint64(b, uint64(s.LastMS))
	b = be.AppendUint32(b, uint32(s.DurationMS))
	b = be.AppendUint64(b, uint64(s.VerifiedMS))
	b = be.AppendUint64(b, uint64(s.DeliveredMS))
	b = be.AppendUint32(b, uint32(s.ResumeMS))
	b = be.AppendUint32(b, uint32(s.CoveredS))
	b = be.AppendUint32(b, uint32(s.CompletedSeq))
	b = be.AppendUint64(b, uint64(s.CreditFromMS))
	b = be.AppendUint32(b, uint32(s.CreditMS))
	b = be.AppendUint32(b, uint32(s.Part.From))
	b = be.AppendUint32(b, uint32(s.Part.To))
	b = append(b, s.PrevChain[:]...)
	b = append(b, s.Chain[:]...)
	b = be.AppendUint16(b, uint16(len(s.Report)))
	b = be.AppendUint16(b, uint16(len(s.Covered)))
	b = be.AppendUint16(b, uint16(len(s.Delivered)))
	b = append(b, s.Report...)
	b = append(b, s.Covered...)
	return append(b, s.Delivered...)
}

var errState = errors.New("what Redis holds of a session is not ours")

// cut reads numbers off the front of a text.
type cut struct{ b []byte }

func (c *cut) take(n int) []byte {
	head := c.b[:n]
	c.b = c.b[n:]
	return head
}
func (c *cut) u16() int   { return int(be.Uint16(c.take(2))) }
func (c *cut) u32() int64 { return int64(be.Uint32(c.take(4))) }
func (c *cut) u64() int64 { return int64(be.Uint64(c.take(8))) }

func unpackState(text string) (s study.State, err error) {
	if len(text) < headerSize {
		return s, errState
	}
	c := cut{[]byte(text)}
	flags := c.take(1)[0]
	s.Closed, s.Completed = flags&flagClosed != 0, flags&flagCompleted != 0
	s.Fence, s.Seq, s.OpenedMS, s.LastMS, s.DurationMS = c.u64(), c.u32(), c.u64(), c.u64(), c.u32()
	s.VerifiedMS, s.DeliveredMS, s.ResumeMS, s.CoveredS, s.CompletedSeq = c.u64(), c.u64(), c.u32(), c.u32(), c.u32()
	s.CreditFromMS, s.CreditMS = c.u64(), c.u32()
	s.Part = study.Run{From: c.u32(), To: c.u32()}
	s.PrevChain, s.Chain = study.Chain(c.take(study.ChainSize)), study.Chain(c.take(study.ChainSize))
	reported, covered, delivered := c.u16(), c.u16(), c.u16()
	if len(c.b) != reported+covered+delivered {
		return s, errState
	}
	s.Report, s.Covered, s.Delivered = c.take(reported), c.take(covered), c.take(delivered)
	return s, nil
}

// packBeat writes a beat as read_beat of judge.lua reads it.
func packBeat(b study.Beat) []byte {
	out := make([]byte, 0, 51+16*len(b.Claim.Runs)+len(b.Report))
	out = be.AppendUint32(out, uint32(b.Seq))
	out = append(out, b.Chain[:]...)
	out = append(out, b.Next[:]...)
	out = be.AppendUint64(out, uint64(b.Claim.WallMS))
	out = be.AppendUint64(out, uint64(b.Claim.MediaMS))
	out = be.AppendUint32(out, uint32(int32(b.Claim.Playhead)))
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

func packPerson(p study.Person) []byte {
	return be.AppendUint64(be.AppendUint64(nil, uint64(p.Fence)), uint64(p.UntilMS))
}

func packPolicy(p study.Policy) []byte {
	var b []byte
	for _, n := range []int64{int64(p.MaxRate), p.LookAhead.Milliseconds(), p.Grace.Milliseconds(), int64(p.CompleteShare), keep.Milliseconds()} {
		b = be.AppendUint64(b, uint64(n))
	}
	return b
}
