package study

import "time"

// Policy is what an operator may decide about study time. The zero value of
// any field means its default.
type Policy struct {
	MaxRate       Rate          // highest playback rate that counts; default 2.00
	LookAhead     time.Duration // media that may be delivered ahead of the pace; default 60 s
	Grace         time.Duration // how long a lease outlives the last beat; default 180 s
	BeatInterval  time.Duration // default 15 s
	ShortInterval time.Duration // for lessons below ShortLesson; default 5 s
	CompleteShare int           // percent of a lesson's seconds that completes it; default 95
	// ChecksPerHour is how many presence checks a credit hour has on average; 0: none.
	ChecksPerHour int
	CreditHour    time.Duration // default 45 minutes
	CheckGap      time.Duration // credited time between two checks at least; default 2 minutes
	CheckWindow   time.Duration // to answer a check in; default 2 minutes
}

const (
	// ShortLesson is the length below which the short interval holds: with the
	// long one such a lesson would have three beats or none.
	ShortLesson = 60 * time.Second
	// MaxSpans bounds the spans of one beat.
	MaxSpans = 32
	// EndTolerance is how far players were seen to run past the end that the
	// packager measured, and to stop short of it.
	EndTolerance = 500
	// MaxDuration bounds a lesson, so that every position fits 32 bits.
	MaxDuration = 24 * time.Hour
	// minRate keeps a claim from stretching a second of media over the whole clock.
	minRate Rate = 25
)

// OrDefaults fills what is zero.
func (p Policy) OrDefaults() Policy {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if p.MaxRate == 0 {
		p.MaxRate = 200
	}
	def(&p.LookAhead, 60*time.Second)
	def(&p.Grace, 180*time.Second)
	def(&p.BeatInterval, 15*time.Second)
	def(&p.ShortInterval, min(5*time.Second, p.BeatInterval))
	def(&p.CreditHour, 45*time.Minute)
	def(&p.CheckGap, 2*time.Minute)
	def(&p.CheckWindow, 2*time.Minute)
	if p.CompleteShare <= 0 || p.CompleteShare > 100 {
		p.CompleteShare = 95
	}
	return p
}

// IntervalFor is how often a session of a lesson beats.
func (p Policy) IntervalFor(durationMS int64) time.Duration {
	if time.Duration(durationMS)*time.Millisecond < ShortLesson {
		return p.ShortInterval
	}
	return p.BeatInterval
}

// MeanGap is how many milliseconds of credited time lie between two checks on average.
func (p Policy) MeanGap() int64 { return p.CreditHour.Milliseconds() / int64(p.ChecksPerHour) }

// Needed is how many seconds of a lesson must be covered to complete it.
func (p Policy) Needed(durationMS int64) int64 {
	return (seconds(durationMS)*int64(p.CompleteShare) + 99) / 100
}

// seconds is how many seconds a lesson has; the last one may be shorter.
func seconds(durationMS int64) int64 { return (durationMS + 999) / 1000 }
