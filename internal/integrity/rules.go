package integrity

import (
	"encoding/hex"
	"slices"

	"github.com/google/uuid"
)

// History is what the rules look at: one person's sessions, oldest first, and
// who else used the devices.
type History struct {
	Digests []Digest
	Devices []DeviceUse
	// Since: evidence of a kind up to here was judged by an officer before, and is not judged twice.
	Since map[Kind]int64
}

// DeviceUse is how many people were credited enough on a device of the person.
type DeviceUse struct {
	Device []byte
	People int
}

// Judge holds a history against every rule.
func Judge(p Policy, h History) (found []Finding) {
	for _, rule := range []struct {
		kind Kind
		find func(Policy, History) (Finding, bool)
	}{
		{FastAnswers, fastAnswers}, {Metronome, metronome}, {RoundTheClock, roundTheClock},
		{Guessing, guessing}, {FailedChecks, failedChecks}, {SharedDevice, sharedDevice},
	} {
		if f, any := rule.find(p, h.after(h.Since[rule.kind])); any {
			f.Kind = rule.kind
			found = append(found, f)
		}
	}
	return found
}

// after leaves out the sessions that were opened until then.
func (h History) after(ms int64) History {
	n := slices.IndexFunc(h.Digests, func(d Digest) bool { return d.OpenedMS > ms })
	if n < 0 {
		n = len(h.Digests)
	}
	h.Digests = h.Digests[n:]
	return h
}

// add takes a session into a finding.
func (f *Finding) add(session uuid.UUID, fromMS, toMS int64) {
	if f.FromMS == 0 || fromMS < f.FromMS {
		f.FromMS = fromMS
	}
	f.ToMS = max(f.ToMS, toMS)
	if !slices.Contains(f.Sessions, session) {
		f.Sessions = append(f.Sessions, session)
	}
}

// fastAnswers: checks were answered faster than anybody reads and moves, and
// not once by accident.
func fastAnswers(p Policy, h History) (f Finding, found bool) {
	f.Figures.LimitMS = p.FastConfirm.Milliseconds()
	for _, d := range h.Digests {
		for _, c := range d.Checks {
			if !c.Timed() {
				continue
			}
			f.Figures.Answers++
			limit := p.FastConfirm
			if c.Question {
				limit = p.FastQuestion
			}
			if c.ReactionMS() >= limit.Milliseconds() {
				continue
			}
			if f.Figures.Fast++; f.Figures.Fast == 1 || c.ReactionMS() < f.Figures.FastestMS {
				f.Figures.FastestMS = c.ReactionMS()
			}
			f.add(d.Session, c.AskedMS, c.EndedMS)
		}
	}
	return f, f.Figures.Fast >= p.FastTimes && f.Figures.Fast*100 >= p.FastPercent*f.Figures.Answers
}

// metronome: beats came more evenly than timers and networks let them.
func metronome(p Policy, h History) (f Finding, found bool) {
	limit := p.SteadySpread.Milliseconds()
	for _, d := range h.Digests {
		s := d.Steady
		if s == nil || s.SpreadMS >= limit {
			continue
		}
		f.add(d.Session, s.FromMS, s.ToMS)
		if !found || s.SpreadMS < f.Figures.SpreadMS {
			f.Figures = Figures{Intervals: s.Intervals, MeanMS: s.MeanMS, SpreadMS: s.SpreadMS, LimitMS: limit}
		}
		found = true
	}
	return f, found
}

// guessing: more questions of checks were answered wrongly than by somebody who follows.
func guessing(p Policy, h History) (f Finding, found bool) {
	for _, d := range h.Digests {
		for _, c := range d.Checks {
			if !c.Answered || !c.Question {
				continue
			}
			f.Figures.Answers++
			if c.Wrong() {
				f.Figures.Wrong++
				f.add(d.Session, c.AskedMS, c.EndedMS)
			}
		}
	}
	n, wrong := f.Figures.Answers, f.Figures.Wrong
	if n < p.WrongLeast {
		return f, false
	}
	f.Figures.Limit, f.Figures.Chance = p.WrongPercent, tail(n, wrong, float64(p.WrongPercent)/100)
	return f, f.Figures.Chance < p.WrongChance
}

// failedChecks: nobody was there again and again.
func failedChecks(p Policy, h History) (f Finding, found bool) {
	for _, d := range h.Digests {
		for _, c := range d.Checks {
			if c.EndedSeq == 0 || c.Again || c.Waited {
				continue
			}
			f.Figures.Checks++
			if c.Missed() {
				f.Figures.Missed++
				f.add(d.Session, c.AskedMS, c.EndedMS)
			}
		}
	}
	n, missed := f.Figures.Checks, f.Figures.Missed
	if missed < p.MissedLeast {
		return f, false
	}
	f.Figures.Limit, f.Figures.Chance = p.MissedPercent, tail(n, missed, float64(p.MissedPercent)/100)
	return f, f.Figures.Chance < p.MissedChance
}

// sharedDevice: many people studied on one device.
func sharedDevice(p Policy, h History) (f Finding, found bool) {
	for _, use := range h.Devices {
		if use.People < p.DevicePeople || use.People <= f.Figures.People {
			continue
		}
		g := Finding{Figures: Figures{People: use.People, Device: hex.EncodeToString(use.Device), Limit: p.DevicePeople, LimitS: int64(p.DeviceWithin.Seconds())}}
		for _, d := range h.Digests {
			if string(d.Device) == string(use.Device) {
				g.add(d.Session, d.OpenedMS, d.LastMS)
				g.Figures.CreditS += d.CreditMS / 1000
			}
		}
		if len(g.Sessions) > 0 {
			f, found = g, true
		}
	}
	return f, found
}
