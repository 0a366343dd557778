package engine

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// Playlist is a session's video, with the addresses it may be fetched at.
type Playlist struct {
	Manifest media.Manifest
	sign     func(rendition string, n int) (proof string, expires int64)
}

// Sign is the proof that goes with segment n (study.InitSegment for the
// initialisation section), and when it ends, in seconds since 1970.
func (p Playlist) Sign(rendition string, n int) (proof string, expires int64) {
	return p.sign(rendition, n)
}

// Playlist is for a session of the person's own.
func (e *Engine) Playlist(ctx context.Context, person, id uuid.UUID) (p Playlist, err error) {
	s, err := e.ownSession(ctx, person, id)
	if err != nil {
		return p, err
	}
	if s.Reading() {
		return p, fault.New(fault.NotFound, "there is nothing to watch in this session")
	}
	m, err := e.manifest(ctx, s.AssetID)
	if err != nil {
		return p, err
	}
	expires := e.o.Now().Add(study.AddressLife(s.DurationMS)).Unix()
	p.Manifest = *m
	p.sign = func(rendition string, n int) (string, int64) {
		return e.o.Keys.Sign(study.Address{Session: id, Asset: s.AssetID, Rendition: rendition, Number: n, Expires: expires}), expires
	}
	return p, nil
}

// SegmentRequest asks for a segment at a signed address.
type SegmentRequest struct {
	Session   uuid.UUID
	Rendition string
	Number    int
	Expires   int64
	Proof     string
}

// Segment is what may be sent.
type Segment struct {
	Key string // of its object
	// First: it was never sent to this session, and is noted as sent from now
	// on. So it must go whole.
	First bool
}

// Deliver decides whether a segment may be sent and notes that it was.
func (e *Engine) Deliver(ctx context.Context, r SegmentRequest) (Segment, error) {
	s, err := e.session(ctx, r.Session)
	if err != nil {
		return Segment{}, err
	}
	address := study.Address{Session: r.Session, Asset: s.AssetID, Rendition: r.Rendition, Number: r.Number, Expires: r.Expires}
	if !e.o.Keys.CheckAddress(address, r.Proof) {
		return Segment{}, fault.New(fault.Forbidden, "this address is not one of ours")
	}
	if e.o.Now().Unix() > r.Expires {
		return Segment{}, fault.New(fault.Gone, "this address has expired; ask for the playlist again")
	}
	if r.Number == study.InitSegment {
		return Segment{Key: media.InitKey(s.AssetID, r.Rendition)}, nil
	}
	m, err := e.manifest(ctx, s.AssetID)
	if err != nil {
		return Segment{}, err
	}
	if r.Number >= m.Segments() {
		return Segment{}, fault.New(fault.NotFound, "there is no such segment")
	}
	first, err := e.pace(ctx, s, r.Number, m.SegmentMS[r.Number])
	return Segment{media.SegmentKey(s.AssetID, r.Rendition, r.Number), first}, err
}

// want is a segment on its way to being decided on.
type want struct {
	studyredis.Wanted
	err  error
	done chan struct{}
}

func (e *Engine) deliverAll(ctx context.Context, batch []*want) {
	wanted := make([]*studyredis.Wanted, len(batch))
	for i, w := range batch {
		wanted[i] = &w.Wanted
	}
	err := e.o.Hot.Deliver(ctx, wanted, e.nowMS())
	for _, w := range batch {
		w.err = err
		close(w.done)
	}
}

// pace says whether the segment goes to this session for the first time.
func (e *Engine) pace(ctx context.Context, s studydb.Session, n int, lengthMS int64) (first bool, err error) {
	for range rebuilds {
		w := &want{Wanted: studyredis.Wanted{Who: studyredis.Who{Person: s.PersonID, Session: s.ID}, Segment: int64(n), LengthMS: lengthMS}, done: make(chan struct{})}
		e.delivering.add(ctx, w)
		select {
		case <-w.done:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		if w.err != nil {
			return false, w.err
		}
		switch w.Verdict {
		case study.Accepted, study.Repeated:
			e.deliveries.add(studydb.Delivery{Session: s.ID, DeliveredMS: w.DeliveredMS, Segments: w.Delivered})
			return w.Verdict == study.Accepted, nil
		case study.TooEarly:
			return false, study.TooEarlyError(w.Wait)
		case study.Missing:
			if err := e.rebuild(ctx, s.ID); err != nil {
				return false, err
			}
		default:
			return false, w.Verdict.Refusal()
		}
	}
	return false, fmt.Errorf("deliver: %w", lost("the state of the session was lost again and again"))
}
