package study

// Verdict is what became of a beat or of a request for a segment.
type Verdict uint8

// The verdicts. Their numbers are shared with the script of studyredis.
const (
	Accepted Verdict = iota
	// Repeated: this very beat was accepted before; the answer is the same again.
	Repeated
	// Missing: the hot state is not there and must be rebuilt first.
	Missing
	WrongSequence
	WrongToken
	Fenced
	Closed
	// TooFast: the claim needs more of the clock than there is.
	TooFast
	// NotDelivered: the claim holds media that this session was never sent.
	NotDelivered
	// TooEarly: the segment is further ahead than pace and look-ahead allow.
	TooEarly
	// CheckFirst: study is paused; nothing is credited before the check is answered.
	CheckFirst
	// UnknownCheck: the beat answers a check that is not the open one.
	UnknownCheck
	// Enough: the reading lesson has no more time to credit.
	Enough
)

// Segments is the range of segments a run lies in, both included.
type Segments struct{ First, Last int64 }

// Beat is a beat as it is judged.
type Beat struct {
	Seq   int64
	Chain Chain // out of the token it presents; zero when the token's MAC is wrong
	Next  Chain // the link it becomes when it is accepted
	Claim Claim
	Needs []Segments // one for each of Claim.Runs
	Reply *Reply     // to the open check
	// Luck decides whether a check is due: below 2^24, and not to be foreseen.
	Luck uint32
	// Report is the evidence of what was reported.
	Report []byte
}

// Judge decides on a beat at the server's time nowMS and, when it accepts,
// changes the state of the session and of the person. A beat that is refused
// changes nothing.
//
// The clock is given out once: what a beat is credited is the next stretch of
// it after what was credited before, whichever session that was in, no older
// than the grace and the opening of the session. So verified time can never
// exceed the time that passed, while a client that was cut off may still
// claim what it played meanwhile. It is pending until a check confirms it.
func Judge(p Policy, person *Person, s *State, b Beat, nowMS int64) Verdict {
	if v := admit(person, s, b); v != Accepted {
		return v
	}
	if v := s.allows(b); v != Accepted {
		return v
	}
	from := max(person.UntilMS, s.OpenedMS, s.CreditFromMS+s.CreditMS, nowMS-p.Grace.Milliseconds())
	window := max(0, nowMS-from)
	if b.Claim.WallMS > window || b.Claim.MediaMS*100 > window*int64(p.MaxRate) {
		return TooFast
	}
	for _, need := range b.Needs {
		for n := need.First; n <= need.Last; n++ {
			if !s.Delivered.Has(n) {
				return NotDelivered
			}
		}
	}
	late := s.late(p, nowMS)
	person.UntilMS = from + b.Claim.WallMS
	s.CreditFromMS, s.CreditMS = from, b.Claim.WallMS
	s.Seq, s.LastMS = b.Seq, nowMS
	s.PrevChain, s.Chain = s.Chain, b.Next
	s.Report = b.Report
	s.earn(b.Claim)
	s.Outcome = s.attend(p, b, late, nowMS)
	if !s.Completed && !s.Check.Open() && (b.Claim.Playhead >= 0 || s.Outcome == Passed) && s.enough() {
		s.complete()
	}
	return Accepted
}

// allows decides what an open check and the bounds of a reading lesson allow.
func (s *State) allows(b Beat) Verdict {
	switch {
	case b.Reply != nil && (!s.Check.Open() || b.Reply.ID != s.Check.ID):
		return UnknownCheck
	case s.Check.Paused() && b.Claim.Playhead >= 0:
		return CheckFirst
	case s.UnitMS > 0 && s.VerifiedMS+s.PendingMS+b.Claim.WallMS > s.DurationMS:
		return Enough
	}
	return Accepted
}

func (s *State) complete() {
	s.Completed, s.CompletedSeq = true, s.Seq
	if s.Outcome == Waiting {
		s.confirm()
		s.Outcome = Finished
	}
}

// enough says whether what was played completes the lesson, pending or not.
func (s *State) enough() bool {
	if s.UnitMS == 0 {
		return s.CoveredS+s.PendingS >= s.NeedS
	}
	unit := s.UnitMS / 1000
	units := seconds(s.DurationMS) / unit
	if s.CoveredS+s.PendingS < s.NeedS*units {
		return false
	}
	for u := range units {
		var n int64
		for at := u * unit; at < (u+1)*unit && n < s.NeedS; at++ {
			if s.Covered.Has(at) || s.Pending.Has(at) {
				n++
			}
		}
		if n < s.NeedS {
			return false
		}
	}
	return true
}

// earn adds a claim to what is pending.
func (s *State) earn(c Claim) {
	s.PendingMS += c.WallMS
	s.UncheckedMS += c.WallMS
	s.play(c)
}

// admit decides whether the beat is the one that is expected, from a session
// that may still speak.
func admit(person *Person, s *State, b Beat) Verdict {
	switch {
	case s.Seq > 0 && b.Seq == s.Seq:
		// Before all else: whoever asks again for an answer that was given gets it,
		// even when the session has ended since.
		if b.Chain == s.PrevChain {
			return Repeated
		}
		return WrongToken
	case s.Closed:
		return Closed
	case person.Fence != s.Fence:
		return Fenced
	case b.Seq != s.Seq+1:
		return WrongSequence
	case b.Chain != s.Chain:
		return WrongToken
	}
	return Accepted
}

// play adds what was played to the coverage.
func (s *State) play(c Claim) {
	if c.Playhead < 0 {
		return
	}
	runs := withPart(c.Runs, s.Part)
	var fresh int64
	s.Pending, fresh = cover(s.Pending, s.Covered, runs, s.DurationMS)
	s.PendingS += fresh
	s.Part = partAt(runs, c.Playhead)
	s.ResumeMS = c.Playhead
}

// Replay adds a beat that was judged before, as its evidence has it. What it
// completed is known from elsewhere and does not follow from here.
func (s *State) Replay(r Row) error {
	report, err := UnpackReport(r.Report)
	if err != nil {
		return err
	}
	s.Stand(r)
	claim := claimOf(report.Spans, s.DurationMS)
	claim.WallMS = r.CreditMS
	s.earn(claim)
	s.attended(r)
	return nil
}

// Stand moves the session's chain onto a beat whose media and time are counted already.
func (s *State) Stand(r Row) {
	s.Seq, s.LastMS, s.CreditFromMS, s.CreditMS, s.Report, s.Outcome = r.Seq, r.AtMS, r.CreditFromMS, r.CreditMS, r.Report, r.Presence
	s.PrevChain, s.Chain = s.Chain, r.Chain
}

// Deliver decides whether segment n, lengthMS of media, may be sent at nowMS
// and notes that it was. A segment sent before is sent again for nothing.
// With TooEarly it is also how many milliseconds too early.
//
// The pace is a budget, not a window around the playhead, so that seeking
// stays free: media delivered ≤ time since the opening × rate + look-ahead.
func Deliver(p Policy, person *Person, s *State, n, lengthMS, nowMS int64) (Verdict, int64) {
	switch {
	case s.Closed:
		return Closed, 0
	case person.Fence != s.Fence:
		return Fenced, 0
	case s.Delivered.Has(n):
		return Repeated, 0
	}
	budget := max(0, nowMS-s.OpenedMS)*int64(p.MaxRate)/100 + p.LookAhead.Milliseconds()
	if over := s.DeliveredMS + lengthMS - budget; over > 0 {
		return TooEarly, (over*100 + int64(p.MaxRate) - 1) / int64(p.MaxRate)
	}
	s.Delivered, _ = s.Delivered.With(n)
	s.DeliveredMS += lengthMS
	return Accepted, 0
}
