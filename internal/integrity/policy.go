package integrity

import "time"

// Policy is where the rules take their figures from. The zero value of any
// field means its default.
type Policy struct {
	// Lookback is how long evidence is held together for the rules that need a history. Default 30 days.
	Lookback time.Duration

	// An answer to a check was faster than this, by the server's clock, between
	// the beat whose answer carried the check and the beat that answered it:
	// two ways through the network and the page beside the person's own time.
	// Perceiving, deciding and moving a finger take 240 ms, 105 ms at the very
	// least (Card, Moran & Newell 1983), and then the pointer has to travel.
	FastConfirm  time.Duration // a button; default 400 ms
	FastQuestion time.Duration // a question that has to be read; default 900 ms
	FastTimes    int           // how often, at least; default 3
	FastPercent  int           // of all answers, at least; default 25

	// The middle 80 % of so many intervals between beats lie within the spread.
	// Timers of browsers and networks do not keep time as well.
	SteadyIntervals int           // default 40
	SteadySpread    time.Duration // default 4 ms

	DayLimit   time.Duration // studied within 24 hours; default 16 hours
	HourLeast  time.Duration // an hour counts as studied in from here; default 5 minutes
	RoundHours int           // hours of 24 that were studied in; default 20
	RoundDays  int           // 24-hour stretches of that in a row; default 3

	// Of an honest person at most so many answers are wrong, in percent. A flag
	// is raised when as many wrong ones as there were would come by less than a
	// chance from somebody at that share (binomial tail).
	WrongPercent int     // default 35
	WrongLeast   int     // answers to questions; default 12
	WrongChance  float64 // default 1e-4

	// The same for checks that nobody answered in time.
	MissedPercent int     // default 30
	MissedLeast   int     // checks missed; default 5
	MissedChance  float64 // default 1e-3

	DevicePeople int           // people on one device; default 5
	DeviceWithin time.Duration // default 7 days
	DeviceLeast  time.Duration // each was credited at least this on it; default 15 minutes
}

// OrDefaults fills what is zero.
func (p Policy) OrDefaults() Policy {
	def(&p.Lookback, 30*24*time.Hour)
	def(&p.FastConfirm, 400*time.Millisecond)
	def(&p.FastQuestion, 900*time.Millisecond)
	def(&p.FastTimes, 3)
	def(&p.FastPercent, 25)
	def(&p.SteadyIntervals, 40)
	def(&p.SteadySpread, 4*time.Millisecond)
	def(&p.DayLimit, 16*time.Hour)
	def(&p.HourLeast, 5*time.Minute)
	def(&p.RoundHours, 20)
	def(&p.RoundDays, 3)
	def(&p.WrongPercent, 35)
	def(&p.WrongLeast, 12)
	def(&p.WrongChance, 1e-4)
	def(&p.MissedPercent, 30)
	def(&p.MissedLeast, 5)
	def(&p.MissedChance, 1e-3)
	def(&p.DevicePeople, 5)
	def(&p.DeviceWithin, 7*24*time.Hour)
	def(&p.DeviceLeast, 15*time.Minute)
	return p
}

func def[T int | float64 | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}
