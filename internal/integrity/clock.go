package integrity

import (
	"maps"
	"slices"
)

const day = 24 // hours

// roundTheClock: more was credited within a day than anybody studies, or
// there was no night for days.
func roundTheClock(p Policy, h History) (f Finding, found bool) {
	hours := map[int64]int64{}
	for _, d := range h.Digests {
		for at, ms := range d.Hours {
			hours[at] += ms
		}
	}
	if from, creditMS := fullestDay(hours); creditMS > p.DayLimit.Milliseconds() {
		f.Figures.CreditS, f.Figures.LimitS = creditMS/1000, int64(p.DayLimit.Seconds())
		f.cover(h, from, from+day)
		found = true
	}
	if from, n := sleepless(p, hours); n >= p.RoundDays {
		f.Figures.Days, f.Figures.Hours, f.Figures.Limit = n, p.RoundHours, p.RoundDays
		f.cover(h, from, from+int64(n)*day)
		found = true
	}
	return f, found
}

// cover takes the sessions into the finding that were credited in these hours.
func (f *Finding) cover(h History, from, to int64) {
	for _, d := range h.Digests {
		for at := range d.Hours {
			if at >= from && at < to {
				f.add(d.Session, max(d.OpenedMS, from*hourMS), min(d.LastMS, to*hourMS))
			}
		}
	}
}

// fullestDay is the stretch of 24 hours of the clock with the most credit.
func fullestDay(hours map[int64]int64) (from, most int64) {
	for at := range hours {
		var sum int64
		for i := range int64(day) {
			sum += hours[at+i]
		}
		if sum > most || sum == most && at < from {
			from, most = at, sum
		}
	}
	return from, most
}

// sleepless is the longest row of 24-hour stretches, each with credit in
// enough of its hours.
func sleepless(p Policy, hours map[int64]int64) (from int64, most int) {
	full := func(at int64) bool {
		n := 0
		for i := range int64(day) {
			if hours[at+i] >= p.HourLeast.Milliseconds() {
				n++
			}
		}
		return n >= p.RoundHours
	}
	for _, at := range slices.Sorted(maps.Keys(hours)) {
		n := 0
		for full(at + int64(n)*day) {
			n++
		}
		if n > most {
			from, most = at, n
		}
	}
	return from, most
}
