package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// Answer is what a beat is answered with, when it is durable.
type Answer struct {
	Token string // for the next beat
	State study.State
	Check Check
}

// rebuilds bounds how often one beat finds its state lost again.
const rebuilds = 3

var errNoSession = fault.Nothing()

func (e *Engine) ownSession(ctx context.Context, person, id uuid.UUID) (studydb.Session, error) {
	s, err := e.session(ctx, id)
	if err == nil && s.PersonID != person {
		err = errNoSession
	}
	return s, err
}

// Beat judges one report and answers when its evidence is durable. The same
// report again gets the same answer.
func (e *Engine) Beat(ctx context.Context, person, id uuid.UUID, r study.Report) (Answer, error) {
	s, err := e.sessions.look(ctx, id, e.o.Evidence.Session)
	if err == nil && s.PersonID != person {
		err = errNoSession
	}
	if err != nil {
		return Answer{}, err
	}
	beat, err := e.prepare(ctx, s, r)
	if err != nil {
		return Answer{}, err
	}
	f, err := e.fly(ctx, studyredis.Asked{Who: studyredis.Who{Person: person, Session: id}, Beat: beat}, &s.Meta)
	if err != nil {
		return Answer{}, err
	}
	defer f.land()
	if err := f.Verdict.Refusal(); err != nil {
		return Answer{}, err
	}
	if err := e.settled(ctx, f); err != nil {
		return Answer{}, err
	}
	check, err := e.check(ctx, s.LessonID, f.State.Check)
	return Answer{e.o.Keys.Token(id, f.State.Seq+1, f.State.Chain, f.State.VerifiedMS), f.State, check}, err
}

func (e *Engine) prepare(ctx context.Context, s *studydb.Session, r study.Report) (study.Beat, error) {
	claim, err := study.NewClaim(r, s.Meta, e.o.Policy)
	if err != nil {
		return study.Beat{}, err
	}
	needs, err := e.needs(ctx, s, claim.Runs)
	if err != nil {
		return study.Beat{}, err
	}
	if r.Reply != nil {
		if err := e.grade(ctx, *s, r.Reply); err != nil {
			return study.Beat{}, err
		}
	}
	// A token that is not ours leaves the chain empty, which is never the right one.
	chain, _ := e.o.Keys.OpenToken(r.Token, s.ID, r.Seq)
	return study.Beat{Seq: r.Seq, Chain: chain, Claim: claim, Needs: needs, Reply: r.Reply, Report: study.PackReport(r)}, nil
}

// needs are the segments that a claim's runs lie in; a document is one.
func (e *Engine) needs(ctx context.Context, s *studydb.Session, runs []study.Run) ([]study.Segments, error) {
	if s.Reading() {
		return make([]study.Segments, len(runs)), nil
	}
	m, err := e.manifest(ctx, s.AssetID)
	if err != nil {
		return nil, err
	}
	return needs(m, runs), nil
}

// needs are the segments that each run lies in.
func needs(m *media.Manifest, runs []study.Run) []study.Segments {
	out := make([]study.Segments, len(runs))
	var from int64
	n := 0
	for i, r := range runs { // sorted, as the segments are
		for n < len(m.SegmentMS)-1 && from+m.SegmentMS[n] <= r.From {
			from += m.SegmentMS[n]
			n++
		}
		last, end := n, from+m.SegmentMS[n]
		for last < len(m.SegmentMS)-1 && end < r.To {
			last++
			end += m.SegmentMS[last]
		}
		out[i] = study.Segments{First: int64(n), Last: int64(last)}
	}
	return out
}

// fly asks until the state is there, and waits until what was accepted is kept.
func (e *Engine) fly(ctx context.Context, a studyredis.Asked, m *study.Meta) (*flight, error) {
	for range rebuilds {
		f := takeOff(a, m)
		e.judging.add(ctx, f)
		if !f.wait(ctx) {
			return nil, ctx.Err()
		}
		if f.err == nil && f.Verdict != study.Missing {
			return f, nil
		}
		err := f.err
		f.land()
		if err == nil {
			err = e.rebuild(ctx, a.Who.Session)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, lost("the state of the session was lost again and again")
}

func lost(why string) error {
	return fault.Away(fmt.Errorf("study: %s", why), 2*time.Second, "Your study time is being put in order. Nothing is lost; please try again.")
}

// settled says what the evidence makes of a beat that was accepted.
func (e *Engine) settled(ctx context.Context, f *flight) error {
	switch f.kept {
	case studydb.Durable:
		return nil
	case studydb.Refused:
		return study.Fenced.Refusal()
	case studydb.Different:
	}
	// Redis was lost between a verdict and its evidence, and another server went
	// on from the evidence: what PostgreSQL holds is what counts.
	if err := e.o.Hot.Forget(ctx, f.Who); err != nil {
		return err
	}
	return lost("the hot state differed from the evidence")
}
