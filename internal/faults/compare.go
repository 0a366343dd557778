package faults

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// look compares what was told since the last look, while people go on.
func (r *run) look(ctx context.Context) error {
	fresh := r.j.upTo(r.checked)
	r.checked += len(fresh)
	var sessions []uuid.UUID
	for _, t := range fresh {
		sessions = append(sessions, t.session)
	}
	var kept map[beatID]row
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := again(ctx, func() (err error) {
		kept, err = readRows(ctx, r.s.db, sessions)
		return err
	})
	if err != nil {
		return err
	}
	v := verdict{keys: r.s.keys, breach: r.j.breach}
	v.lost(kept, fresh)
	return nil
}

// end kills PostgreSQL once more when everybody has closed and the hours are
// in the register, and compares everything with what it comes back with.
func (r *run) end() (v verdict, err error) {
	ctx, cancel := context.WithTimeout(r.s.life, 2*patience)
	defer cancel()
	_ = again(ctx, func() error { return r.registered(ctx) }) // what is missing is found below
	r.s.closeServers()
	r.s.pg.Crash()
	if err := r.s.pg.Start(r.s.life); err != nil {
		return v, err
	}
	v = verdict{keys: r.s.keys, breach: r.j.breach, record: record{r.j.claims, r.j.told, r.j.completed}}
	if err = again(r.s.life, func() (err error) {
		v.evidence, err = readAll(r.s.life, r.s.db)
		return err
	}); err != nil {
		return v, err
	}
	v.judge()
	return v, nil
}

var errWaiting = errors.New("hours wait for their entry")

func (r *run) registered(ctx context.Context) error {
	got, err := tally(ctx, r.s.db.Pool(), `SELECT e.id FROM enrolments e WHERE e.completed_at IS NOT NULL AND NOT EXISTS (SELECT FROM ledger_entries g WHERE g.source_key = 'enrolment:' || e.id)`)
	if err == nil && len(got) > 0 {
		err = errWaiting
	}
	return err
}
