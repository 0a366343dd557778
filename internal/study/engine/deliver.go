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

// Deliver decides whether a segment may be sent and notes that it was; it
// answers with the key of its object.
func (e *Engine) Deliver(ctx context.Context, r SegmentRequest) (key string, err error) {
	s, err := e.session(ctx, r.Session)
	if err != nil {
		return "", err
	}
	address := study.Address{Session: r.Session, Asset: s.AssetID, Rendition: r.Rendition, Number: r.Number, Expires: r.Expires}
	if !e.o.Keys.CheckAddress(address, r.Proof) {
		return "", fault.New(fault.Forbidden, "this address is not one of ours")
	}
	if e.o.Now().Unix() > r.Expires {
		return "", fault.New(fault.Gone, "this address has expired; ask for the playlist again")
	}
	if r.Number == study.InitSegment {
		return media.InitKey(s.AssetID, r.Rendition), nil
	}
	m, err := e.manifest(ctx, s.AssetID)
	if err != nil {
		return "", err
	}
	if r.Number >= m.Segments() {
		return "", fault.New(fault.NotFound, "there is no such segment")
	}
	if err := e.pace(ctx, s, r.Number, m.SegmentMS[r.Number]); err != nil {
		return "", err
	}
	return media.SegmentKey(s.AssetID, r.Rendition, r.Number), nil
}

func (e *Engine) pace(ctx context.Context, s studydb.Session, n int, lengthMS int64) error {
	who := studyredis.Who{Person: s.PersonID, Session: s.ID}
	for range rebuilds {
		j, wait, err := e.o.Hot.Deliver(ctx, who, int64(n), lengthMS, e.nowMS())
		if err != nil {
			return err
		}
		switch j.Verdict {
		case study.Accepted:
			e.deliveries.add(studydb.Delivery{Session: s.ID, DeliveredMS: j.State.DeliveredMS, Segments: j.State.Delivered})
			return nil
		case study.Repeated:
			return nil
		case study.TooEarly:
			return study.TooEarlyError(wait)
		case study.Missing:
			if err := e.rebuild(ctx, s.ID); err != nil {
				return err
			}
		default:
			return j.Verdict.Refusal()
		}
	}
	return fmt.Errorf("deliver: %w", lost("the state of the session was lost again and again"))
}
