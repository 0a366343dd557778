package simulate

import (
	"fmt"

	"github.com/google/uuid"
)

// evidence is what PostgreSQL has of the person, and fills in the first links.
func (h *history) evidence() ([]row, error) {
	index := map[uuid.UUID]int{}
	for i, s := range h.sessions {
		index[s.id] = i
	}
	found, err := h.w.servers[0].db.Pool().Query(h.quiet(), `
		SELECT s.id, s.chain, b.seq, b.at_ms, b.credit_from_ms, b.credit_ms, b.report, b.chain
		FROM study_sessions s JOIN study_beats b ON b.session_id = s.id AND b.day = (to_timestamp(s.opened_ms / 1000) AT TIME ZONE 'UTC')::date
		WHERE s.person_id = $1 ORDER BY s.fence, b.seq`, h.learner.person)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	out := []row{}
	for found.Next() {
		var r row
		var id uuid.UUID
		var first, chain []byte
		if err := found.Scan(&id, &first, &r.seq, &r.atMS, &r.creditFrom, &r.creditMS, &r.report, &chain); err != nil {
			return nil, err
		}
		i, known := index[id]
		if !known {
			return nil, fmt.Errorf("evidence of a session that nobody was told of")
		}
		r.session, r.chain = i, [12]byte(chain)
		h.sessions[i].chain = [12]byte(first)
		out = append(out, r)
	}
	return out, found.Err()
}

// rebuild reads every lesson back from PostgreSQL alone.
func (h *history) rebuild() error {
	last := map[int]int{}
	for i, s := range h.sessions {
		if l, any := last[s.lesson]; !any || h.sessions[l].fence < s.fence {
			last[s.lesson] = i
		}
	}
	for lesson := range h.lessons {
		i, any := last[lesson]
		if !any {
			continue
		}
		store := h.w.servers[0].store
		s, err := store.Session(h.quiet(), h.sessions[i].id)
		if err != nil {
			return err
		}
		_, state, err := store.Rebuild(h.quiet(), s)
		if err != nil {
			return err
		}
		r := rebuilt{session: i, seq: state.Seq, verifiedMS: state.VerifiedMS, covered: secondsOf(state.Covered)}
		err = h.w.servers[0].db.Pool().QueryRow(h.quiet(), `SELECT count(*) FROM lesson_completions WHERE enrolment_id = $1`, h.learner.enrolments[lesson]).Scan(&r.completed)
		if err != nil {
			return err
		}
		h.rebuilds = append(h.rebuilds, r)
	}
	return nil
}

// secondsOf reads a set of seconds, eight a byte, the lowest bit first.
func secondsOf(bits []byte) map[int64]bool {
	out := map[int64]bool{}
	for i, b := range bits {
		for n := range 8 {
			if b&(1<<n) != 0 {
				out[int64(i*8+n)] = true
			}
		}
	}
	return out
}
