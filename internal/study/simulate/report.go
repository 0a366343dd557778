package simulate

// Report is what came out.
type Report struct {
	Seed        uint64   `json:"seed"`
	Histories   int      `json:"histories"`
	Seconds     float64  `json:"seconds"`
	PerSecond   float64  `json:"histories_per_second"`
	Sessions    int      `json:"sessions"`
	Beats       int      `json:"beats_sent"`
	Answered    int      `json:"beats_answered"`
	Refused     int      `json:"beats_refused"`
	Evidence    int      `json:"rows_of_evidence"`
	Faults      int      `json:"faults"` // a history
	CreditedMS  int64    `json:"credited_ms"`
	ConfirmedMS int64    `json:"confirmed_ms"`
	ForfeitedMS int64    `json:"forfeited_ms"`
	PendingMS   int64    `json:"pending_ms"` // at the end
	Checks      Checks   `json:"checks"`
	Completed   int      `json:"lessons_completed"`
	Refetched   int      `json:"segments_fetched_again"`
	Violations  []Broken `json:"violations"`
}

// Checks are how presence checks went.
type Checks struct {
	Asked    int `json:"asked"`
	Passed   int `json:"passed"`
	Wrong    int `json:"wrong"`
	Missed   int `json:"missed"`
	Extended int `json:"extended"`
	Owed     int `json:"owed_to_a_later_session"`
}

// Broken is a history that broke a promise.
type Broken struct {
	Seed  uint64   `json:"seed"`
	What  []string `json:"what"`
	Story string   `json:"log"`
}

// maxBroken ends a run: more would say nothing new.
const maxBroken = 10

func (r *Report) add(h *history) {
	r.Histories++
	r.Sessions += len(h.sessions)
	r.Beats += len(h.beats)
	r.Evidence += len(h.rows)
	r.Faults += h.faultsDone
	r.Refetched += h.fetchedAgain
	for _, b := range h.beats {
		switch {
		case b.ok():
			r.Answered++
		case b.code != lost:
			r.Refused++
		}
	}
	for _, o := range h.opens {
		if o.told.asked.open() {
			r.Checks.Owed++
		}
	}
	for _, e := range h.rows {
		r.CreditedMS += e.creditMS
		r.Checks.add(e.outcome)
	}
	for _, l := range h.rebuilds {
		r.ConfirmedMS += l.verifiedMS
		r.PendingMS += l.pendingMS
		r.ForfeitedMS += l.forfeitedMS
		r.Completed += l.completed
	}
}

func (c *Checks) add(o outcome) {
	switch o {
	case askedNow:
		c.Asked++
	case passed:
		c.Passed++
	case wrong:
		c.Wrong++
	case missed:
		c.Missed++
	case extended:
		c.Extended++
	default:
	}
}
