package simulate

// oneLive: from the moment a take-over is answered the session before gets nothing new acknowledged.
func (v *verdict) oneLive() {
	for _, e := range v.r.rows {
		beats := v.sent(e)
		if len(beats) == 0 {
			continue
		}
		for _, o := range v.r.opens {
			if o.ok() && v.later(o.session, e.session) && o.end.order < firstSent(beats) {
				v.breach("one live session", "S%d #%d was taken after S%d had been opened", e.session, e.seq, o.session)
			}
		}
	}
}

func firstSent(beats []*beatAct) int {
	first := beats[0].begin.order
	for _, b := range beats {
		first = min(first, b.begin.order)
	}
	return first
}

// later says whether session a holds a later lease than b.
func (v *verdict) later(a, b int) bool { return v.r.sessions[a].fence > v.r.sessions[b].fence }

// lease: nobody is fenced by one who did not ask to take over, within the grace.
func (v *verdict) lease() {
	for _, o := range v.r.opens {
		if !o.ok() || o.takeOver {
			continue
		}
		before := v.holderBefore(o)
		if before < 0 || v.mayHaveEnded(before, o.end.order, true) {
			continue
		}
		if seen := v.seen(before, o.begin.order); o.begin.ms-seen < v.rules.graceMS-2*v.r.skewMS {
			v.breach("one live session", "S%d was opened beside S%d, which was live %d ms before, without a take-over", o.session, before, o.begin.ms-seen)
		}
	}
}

// holderBefore is the last session that was answered before an opening began; -1: none.
func (v *verdict) holderBefore(o openAct) int {
	best := -1
	for _, p := range v.r.opens {
		if p.ok() && p.end.order < o.begin.order && (best < 0 || v.later(p.session, best)) {
			best = p.session
		}
	}
	return best
}

// seen is when a session was last heard of, by the evidence of what was answered.
func (v *verdict) seen(session, order int) int64 {
	at := v.r.sessions[session].openedMS
	for _, b := range v.r.beats {
		if b.session == session && b.ok() && b.end.order < order {
			if e, found := v.rowOf(b.session, b.seq); found {
				at = max(at, e.atMS)
			}
		}
	}
	return at
}

// mayHaveEnded says whether anybody asked, before then, for something that ends a session.
func (v *verdict) mayHaveEnded(session, order int, takeOversOnly bool) bool {
	opened := 0
	for _, o := range v.r.opens {
		if o.session == session && o.ok() {
			opened = o.begin.order // what was asked while it opened may have come just after
		}
	}
	for _, o := range v.r.opens {
		if o.session != session && o.end.order > opened && o.begin.order < order && (o.takeOver || !takeOversOnly) {
			return true
		}
	}
	for _, e := range v.r.ends {
		if (e.session == session || e.session < 0) && e.end.order > opened && e.begin.order < order {
			return true
		}
	}
	return false
}

// fencedAreSentNothing: a session that was taken over is not sent segments it had not been sent.
func (v *verdict) fencedAreSentNothing() {
	for i, d := range v.r.delivers {
		if !d.ok() {
			continue
		}
		for _, o := range v.r.opens {
			if o.ok() && v.later(o.session, d.session) && o.end.order < d.begin.order && !v.hadBefore(i) {
				v.breach("one live session", "S%d was sent segment %d after S%d had been opened", d.session, d.segment, o.session)
			}
		}
	}
}

func (v *verdict) hadBefore(i int) bool {
	for _, d := range v.r.delivers[:i] {
		if d.session == v.r.delivers[i].session && d.segment == v.r.delivers[i].segment {
			return true
		}
	}
	return false
}
