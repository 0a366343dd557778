package simulate

import (
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// end reads what was kept of everybody, from PostgreSQL alone.
func (b *world) end() error {
	b.flush()
	all, err := b.evidence()
	if err != nil {
		return err
	}
	for i, h := range b.histories {
		h.rows = all[i]
	}
	if err := b.lessonsKept(); err != nil {
		return err
	}
	return b.openSessions()
}

// early reads the evidence on the way.
func (b *world) early() {
	all, err := b.evidence()
	if err != nil {
		return // as it will be at the end
	}
	for i, h := range b.histories {
		h.early = all[i]
	}
}

// persons are the ids of all, and whose they are.
func (b *world) persons() (ids []uuid.UUID, index map[uuid.UUID]int) {
	index = map[uuid.UUID]int{}
	for i, h := range b.histories {
		ids = append(ids, h.learner.person)
		index[h.learner.person] = i
	}
	return ids, index
}

// evidence is what PostgreSQL has of everybody, and fills in the first links.
func (b *world) evidence() ([][]row, error) {
	ids, index := b.persons()
	out := make([][]row, len(ids))
	found, err := b.db.Pool().Query(b.ctx, `
		SELECT s.person_id, s.id, s.chain, b.seq, b.at_ms, b.credit_from_ms, b.credit_ms, b.report, b.chain, coalesce(b.presence, 0)
		FROM study_sessions s JOIN study_beats b ON b.session_id = s.id AND b.day = (to_timestamp(s.opened_ms / 1000) AT TIME ZONE 'UTC')::date
		WHERE s.person_id = ANY ($1) ORDER BY s.person_id, s.fence, b.seq`, ids)
	if err != nil {
		return nil, err
	}
	var r row
	var person, id uuid.UUID
	var first, chain []byte
	_, err = pgx.ForEachRow(found, []any{&person, &id, &first, &r.seq, &r.atMS, &r.creditFrom, &r.creditMS, &r.report, &chain, &r.outcome}, func() error {
		i := index[person]
		h := b.histories[i]
		s, known := h.sessionOf(id)
		if !known {
			return errors.New("evidence of a session that nobody was told of")
		}
		r.session, r.chain = s, [12]byte(chain)
		h.sessions[s].chain = [12]byte(first)
		out[i] = append(out[i], r)
		r.report = nil // the next row's is another
		return nil
	})
	return out, err
}

func (r *record) sessionOf(id uuid.UUID) (int, bool) {
	for i := range r.sessions {
		if r.sessions[i].id == id {
			return i, true
		}
	}
	return -1, false
}

// lessonsKept reads the figures of lessons, whose last sessions have ended.
func (b *world) lessonsKept() error {
	ids, index := b.persons()
	lessonOf := map[uuid.UUID]int{}
	for i, c := range b.courses {
		lessonOf[c.Lesson] = i
	}
	found, err := b.db.Pool().Query(b.ctx, `
		SELECT e.person_id, coalesce(l.lesson_id, c.lesson_id), coalesce(l.as_of_session, e.id), coalesce(l.as_of_seq, 0), coalesce(l.verified_ms, 0), coalesce(l.pending_ms, 0),
		       coalesce(l.forfeited_ms, 0), coalesce(l.covered, ''), coalesce(l.check_id, ''), CASE WHEN c.lesson_id IS NULL THEN 0 ELSE 1 END
		FROM enrolments e LEFT JOIN study_lessons l ON l.enrolment_id = e.id LEFT JOIN lesson_completions c ON c.enrolment_id = e.id
		WHERE e.person_id = ANY ($1) AND coalesce(l.lesson_id, c.lesson_id) IS NOT NULL ORDER BY 1, 2`, ids)
	if err != nil {
		return err
	}
	var r rebuilt
	var person, lesson, session uuid.UUID
	var covered, check []byte
	_, err = pgx.ForEachRow(found, []any{&person, &lesson, &session, &r.seq, &r.verifiedMS, &r.pendingMS, &r.forfeitedMS, &covered, &check, &r.completed}, func() error {
		h := b.histories[index[person]]
		r.session, _ = h.sessionOf(session)
		r.lesson, r.covered, r.check = lessonOf[lesson], covered, checkID{}
		copy(r.check[:], check)
		h.rebuilds = append(h.rebuilds, r)
		covered = nil
		return nil
	})
	return err
}

// openSessions rebuilds the sessions that are open, whose last beats their
// lessons' figures do not have yet.
func (b *world) openSessions() error {
	ids, index := b.persons()
	found, err := b.db.Pool().Query(b.ctx, `SELECT person_id, session_id FROM study_people WHERE person_id = ANY ($1) AND session_id IS NOT NULL`, ids)
	if err != nil {
		return err
	}
	open := map[*history]uuid.UUID{}
	var person, id uuid.UUID
	if _, err = pgx.ForEachRow(found, []any{&person, &id}, func() error {
		open[b.histories[index[person]]] = id
		return nil
	}); err != nil {
		return err
	}
	var all sync.WaitGroup
	failed := make([]error, len(b.histories))
	for h, id := range open {
		all.Go(func() { failed[index[h.learner.person]] = h.rebuild(id) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// rebuild reads a session back as a server does when Redis has lost it.
func (h *history) rebuild(id uuid.UUID) error {
	store := h.w.servers[0].store
	s, err := store.Session(h.ctx(), id)
	if err != nil {
		return err
	}
	_, state, err := store.Rebuild(h.ctx(), s)
	if err != nil {
		return err
	}
	i, known := h.sessionOf(id)
	if !known {
		return nil // opened, and never told
	}
	r := rebuilt{session: i, lesson: h.sessions[i].lesson, seq: state.Seq, verifiedMS: state.VerifiedMS, pendingMS: state.PendingMS,
		forfeitedMS: state.ForfeitedMS, covered: set(state.Covered), check: state.Check.ID}
	for n := range h.rebuilds {
		if h.rebuilds[n].lesson == r.lesson {
			r.completed = h.rebuilds[n].completed
			h.rebuilds[n] = r
			return nil
		}
	}
	if state.Completed {
		return fmt.Errorf("session %s is complete and nobody was told", id)
	}
	h.rebuilds = append(h.rebuilds, r)
	return nil
}
