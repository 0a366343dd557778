package study

// Outcome is what a beat meant for its person's presence. Its numbers are
// shared with the script of studyredis and with the evidence.
type Outcome uint8

// The outcomes.
const (
	// Confirmed: the policy asks nobody, so the credit is for good at once.
	Confirmed Outcome = iota
	// Waiting: credited, and pending until the next check is passed.
	Waiting
	// Asked: pending, and the answer carries a check.
	Asked
	// Passed: what was pending is confirmed, this beat included.
	Passed
	// Wrong: the question was answered wrongly; another one was asked.
	Wrong
	// Missed: what was pending is forfeited, this beat included, and study is paused.
	Missed
	// Finished: the lesson is complete with no check open, so what was pending is confirmed.
	Finished
	// Extended: pending, and more time was given for the check.
	Extended
)

// attend decides what a beat means for presence, after its credit was added to
// what is pending. late: the window of the open check was over when it came.
func (s *State) attend(p Policy, b Beat, late bool, nowMS int64) Outcome {
	switch {
	case p.ChecksPerHour <= 0:
		s.pass()
		return Confirmed
	case s.Check.Open():
		return s.answer(b, late)
	case !s.Completed && s.enough():
		return Waiting // it completes the lesson: nothing is left to ask about
	case due(p, s.UncheckedMS, b.Claim.WallMS, b.Luck):
		s.ask(b.Next, nowMS)
		return Asked
	}
	return Waiting
}

// answer is what became of the open check; Waiting: nothing yet.
func (s *State) answer(b Beat, late bool) Outcome {
	switch {
	case late:
		s.miss(b.Next)
		return Missed
	case b.Reply == nil:
		s.back()
		return Waiting
	case b.Reply.MoreTime:
		if s.Check.Extended || s.Check.Paused() {
			s.back()
			return Waiting
		}
		s.extend()
		return Extended
	case b.Reply.Right:
		s.pass()
		return Passed
	case s.Check.Wrong:
		s.miss(b.Next)
		return Missed
	}
	s.back()
	s.askAgain(b.Next)
	return Wrong
}

// late says whether the window of the open check is over, before a beat is
// accepted. Whoever was cut off ever since it was asked has the grace that
// everything else has.
func (s *State) late(p Policy, nowMS int64) bool {
	if !s.Check.Open() || s.Check.Paused() {
		return false
	}
	until := s.Check.ByMS
	if s.Seq == s.Check.Seq {
		until = max(until, s.LastMS+p.Grace.Milliseconds())
	}
	return nowMS > until
}

// The steps below change the state by a beat's link and time alone, so that
// the evidence, which has both and the outcome, leads to the same state again.

func (s *State) ask(link Chain, nowMS int64) {
	s.Check = Check{ID: newCheckID(link, uint32(s.ResumeMS)), ByMS: nowMS + s.WindowMS, Seq: s.Seq}
}

func (s *State) askAgain(link Chain) {
	s.Check.ID, s.Check.Seq, s.Check.Wrong = newCheckID(link, uint32(s.ResumeMS)|insist), s.Seq, true
}

// back gives who was cut off ever since the check was asked a whole window from
// now on. The first beat after that is often one that was on its way before, and
// knows nothing of the check.
func (s *State) back() {
	if s.Check.Open() && !s.Check.Paused() && s.LastMS > s.Check.ByMS {
		s.Check.ByMS = s.LastMS + s.WindowMS
	}
}

func (s *State) extend() {
	s.Check.Extended = true
	// From now on, if the window is over: who was cut off and comes back within the grace has had none of it.
	s.Check.ByMS = max(s.Check.ByMS, s.LastMS) + s.WindowMS
}

func (s *State) pass() {
	s.Check, s.UncheckedMS = Check{}, 0
	s.confirm()
}

func (s *State) miss(link Chain) {
	s.ForfeitedMS += s.PendingMS
	s.PendingMS, s.PendingS, s.Pending, s.Part = 0, 0, nil, Run{} // else the piece of a second would come back with the next
	s.Check = Check{ID: newCheckID(link, goOn), Seq: s.Seq}
}

// confirm makes what is pending verified.
func (s *State) confirm() {
	s.VerifiedMS += s.PendingMS
	s.CoveredS += s.PendingS
	s.Covered = s.Covered.Union(s.Pending)
	s.PendingMS, s.PendingS, s.Pending = 0, 0, nil
}

// attended takes the outcome of a beat from its evidence.
func (s *State) attended(r Row) {
	switch r.Presence {
	case Confirmed, Passed:
		s.pass()
	case Finished:
		s.confirm()
	case Asked:
		s.ask(r.Chain, r.AtMS)
	case Wrong:
		s.back()
		s.askAgain(r.Chain)
	case Missed:
		s.miss(r.Chain)
	case Extended:
		s.extend()
	case Waiting:
		s.back()
	}
}

// due says whether a check is asked now. wallMS was credited just now, and is
// in uncheckedMS. Without memory, so that nobody can tell how long it is to
// the next one; the factor makes up for the bound at twice the mean.
func due(p Policy, uncheckedMS, wallMS int64, luck uint32) bool {
	mean := p.MeanGap()
	gap := p.CheckGap.Milliseconds()
	open := min(wallMS, uncheckedMS-gap)
	if open <= 0 {
		return false
	}
	if uncheckedMS >= max(gap, 2*mean) {
		return true
	}
	return int64(luck)*max(1, (mean-gap)*6/5) < open<<24
}
