package study

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// summaryVersion begins a packed summary.
const summaryVersion = 1

// Pack writes the body of a session's record. Numbers are varints as Protocol
// Buffers has them (uvarint; signed ones zigzag), times are in milliseconds:
//
//	1 byte    version, 1
//	uvarints  beats that said playing, paused, buffering, ended; hidden
//	runs      of the clock, from the opening on
//	runs      of media
//	uvarint   number of chapters; of each
//	            uvarint beats, signed time since the chapter before (the
//	            opening), uvarint credit, 1 byte outcome, runs of seconds
//	uvarints  part from and to, playhead
//	          of the last beat: signed time since its stretch of the clock began,
//	            uvarint credit, 12 bytes the link before, uvarint length and report
//	1 byte    open check: 0 none, else 1 + 2 (wrong) + 4 (extended); of one
//	            16 bytes id, uvarint by when (0: paused), uvarint asked by which beat
//
// Runs are their number, then of each its distance from the end of the one
// before and its length. What of a beat is a column of the record beside the
// body - number of beats, last link, digest - is not in it.
func (sum *Summary) Pack(openedMS int64) []byte {
	b := append(make([]byte, 0, 256), summaryVersion)
	for _, n := range sum.States {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = binary.AppendUvarint(b, uint64(sum.Hidden))
	b = appendRuns(b, openedMS, sum.Clock)
	b = appendRuns(b, 0, sum.Media)
	b = binary.AppendUvarint(b, uint64(len(sum.Chapters)))
	at := openedMS
	for _, c := range sum.Chapters {
		b = binary.AppendUvarint(b, uint64(c.Beats))
		b = binary.AppendVarint(b, c.LastMS-at)
		b = binary.AppendUvarint(b, uint64(c.CreditMS))
		b = appendRuns(append(b, byte(c.Outcome)), 0, runsOf(c.Seconds))
		at = c.LastMS
	}
	b = binary.AppendUvarint(b, uint64(sum.Part.From))
	b = binary.AppendUvarint(b, uint64(sum.Part.To))
	b = binary.AppendUvarint(b, uint64(sum.ResumeMS))
	b = binary.AppendVarint(b, sum.Last.AtMS-sum.Last.CreditFromMS)
	b = binary.AppendUvarint(b, uint64(sum.Last.CreditMS))
	b = append(b, sum.Before[:]...)
	b = binary.AppendUvarint(b, uint64(len(sum.Last.Report)))
	return appendCheck(append(b, sum.Last.Report...), sum.Check)
}

func appendRuns(b []byte, at int64, runs []Run) []byte {
	b = binary.AppendUvarint(b, uint64(len(runs)))
	for _, r := range runs {
		b = binary.AppendUvarint(b, uint64(r.From-at))
		b = binary.AppendUvarint(b, uint64(r.To-r.From))
		at = r.To
	}
	return b
}

func runsOf(seconds Bits) (out []Run) {
	for _, i := range seconds.Intervals() {
		out = append(out, Run{int64(i[0]), int64(i[1])})
	}
	return out
}

const (
	checkOpen     = 1
	checkWrong    = 2
	checkExtended = 4
)

func appendCheck(b []byte, c Check) []byte {
	if !c.Open() {
		return append(b, 0)
	}
	flags := byte(checkOpen)
	if c.Wrong {
		flags |= checkWrong
	}
	if c.Extended {
		flags |= checkExtended
	}
	b = append(append(b, flags), c.ID[:]...)
	b = binary.AppendUvarint(b, uint64(c.ByMS))
	return binary.AppendUvarint(b, uint64(c.Seq))
}

var errSummary = errors.New("these bytes are not a summary of ours")

// UnpackSummary reads what Pack wrote, and only that.
func UnpackSummary(body []byte, openedMS int64) (*Summary, error) {
	u := unpacker{rest: body}
	if v := u.bytes(1); v == nil || v[0] != summaryVersion {
		return nil, errSummary
	}
	sum := u.summary(openedMS)
	// One way to write each: whoever changed a byte changed the meaning.
	if u.broken || len(u.rest) > 0 || !bytes.Equal(sum.Pack(openedMS), body) {
		return nil, errSummary
	}
	return sum, nil
}

func (u *unpacker) summary(openedMS int64) *Summary {
	sum := &Summary{}
	for i := range sum.States {
		sum.States[i] = u.number()
		sum.Beats += sum.States[i]
	}
	sum.Hidden = u.number()
	sum.Clock, sum.Media = u.runs(openedMS), u.runs(0)
	at, beats := openedMS, int64(0)
	for range u.count() {
		c := Chapter{Beats: u.number(), LastMS: at + u.signed(), CreditMS: u.number(), Outcome: u.outcome()}
		c.Seconds = u.seconds()
		sum.Chapters = append(sum.Chapters, c)
		at = c.LastMS
		beats += c.Beats
	}
	u.broken = u.broken || beats != sum.Beats
	sum.Part, sum.ResumeMS = Run{u.number(), u.number()}, u.number()
	sum.Last = Row{Seq: sum.Beats, AtMS: at, CreditFromMS: at - u.signed(), CreditMS: u.number()}
	copy(sum.Before[:], u.bytes(ChainSize))
	if n := u.number(); n > 0 {
		sum.Last.Report = bytes.Clone(u.bytes(n))
	}
	if n := len(sum.Chapters); n > 0 {
		sum.Last.Presence = sum.Chapters[n-1].Outcome
	}
	sum.Check = u.check()
	return sum
}

// unpacker reads from the front; broken is set at the first thing that cannot be.
type unpacker struct {
	rest   []byte
	broken bool
}

// most bounds any number: more milliseconds than a session can have.
const most = 1 << 50

func (u *unpacker) bytes(n int64) []byte {
	if u.broken || n > int64(len(u.rest)) {
		u.broken, u.rest = true, nil
		return nil
	}
	out := u.rest[:n]
	u.rest = u.rest[n:]
	return out
}

func (u *unpacker) number() int64 {
	v, n := binary.Uvarint(u.rest)
	if n <= 0 || v > most {
		u.broken, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[n:]
	return int64(v)
}

func (u *unpacker) signed() int64 {
	v, n := binary.Varint(u.rest)
	if n <= 0 || v > most || v < -most {
		u.broken, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[n:]
	return v
}

// count is of things that take a byte each at least.
func (u *unpacker) count() int64 {
	n := u.number()
	if n > int64(len(u.rest)) {
		u.broken, u.rest = true, nil
		return 0
	}
	return n
}

func (u *unpacker) runs(at int64) (out []Run) {
	for range u.count() {
		from := at + u.number()
		if at = from + u.number(); at > 2*most {
			u.broken, u.rest = true, nil
			return nil
		}
		out = append(out, Run{from, at})
	}
	return out
}

func (u *unpacker) seconds() (b Bits) {
	for _, r := range u.runs(0) {
		if r.To > MaxDuration.Milliseconds()/1000 {
			u.broken = true
			return nil
		}
		for n := r.From; n < r.To; n++ {
			b, _ = b.With(n)
		}
	}
	return b
}

func (u *unpacker) outcome() Outcome {
	if b := u.bytes(1); b != nil && Outcome(b[0]) <= Extended {
		return Outcome(b[0])
	}
	u.broken = true
	return 0
}

func (u *unpacker) check() (c Check) {
	flags := u.bytes(1)
	if flags == nil || flags[0] == 0 {
		return c
	}
	copy(c.ID[:], u.bytes(int64(len(c.ID))))
	c.Wrong, c.Extended = flags[0]&checkWrong != 0, flags[0]&checkExtended != 0
	c.ByMS, c.Seq = u.number(), u.number()
	return c
}
