package orgdb

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Page is what anybody may see of an organisation.
func (s *Store) Page(ctx context.Context, id uuid.UUID) (org.Page, error) {
	o, err := s.Organisation(ctx, id)
	if err != nil {
		return org.Page{}, fmt.Errorf("page of organisation %s: %w", id, err)
	}
	p := org.Page{Ref: o.Ref, Lineage: o.Lineage, Ownership: o.Ownership, ClosedAt: o.ClosedAt}
	// The count only reads the catalogue's own mark of what is published.
	if err := s.db.Pool().QueryRow(ctx, `SELECT count(*) FROM courses WHERE org_id = $1 AND published_version_id IS NOT NULL`, id).Scan(&p.Courses); err != nil {
		return p, pg.Translate(err)
	}
	if p.Parent, err = s.ref(ctx, o.ParentID); err != nil {
		return p, err
	}
	if p.Successor, err = s.ref(ctx, o.Successor); err != nil {
		return p, err
	}
	if !o.Kind.Accreditable() {
		return p, nil
	}
	if p.Steps, err = steps(ctx, s.db.Pool(), id); err != nil {
		return p, err
	}
	standing, err := standingOf(p.Steps, o.TimeZone, s.now())
	p.Accreditation = &standing
	slices.Reverse(p.Steps)
	return p, err
}

func (s *Store) ref(ctx context.Context, id *uuid.UUID) (*org.Ref, error) {
	if id == nil {
		return nil, nil
	}
	var o org.Ref
	err := s.db.Pool().QueryRow(ctx, `SELECT id, kind, coalesce(level, ''), name_zh, name_en FROM organisations WHERE id = $1`, *id).
		Scan(&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn)
	return &o, pg.Translate(err)
}

// steps are an institution's, oldest first.
func steps(ctx context.Context, q pg.Querier, id uuid.UUID) ([]org.Step, error) {
	taken, err := stepsOf(ctx, q, []uuid.UUID{id})
	return taken[id], err
}

// stepsOf are those of several institutions.
func stepsOf(ctx context.Context, q pg.Querier, ids []uuid.UUID) (map[uuid.UUID][]org.Step, error) {
	rows, err := q.Query(ctx, `
		SELECT a.org_id, a.state, a.valid_until, a.reason, a.by_person, coalesce(p.name, ''), a.at
		FROM accreditations a LEFT JOIN people p ON p.id = a.by_person WHERE a.org_id = ANY($1) ORDER BY a.org_id, a.number`, ids)
	if err != nil {
		return nil, pg.Translate(err)
	}
	defer rows.Close()
	taken := map[uuid.UUID][]org.Step{}
	for rows.Next() {
		var id uuid.UUID
		var step org.Step
		var by *uuid.UUID
		var name string
		if err := rows.Scan(&id, &step.State, &step.Until, &step.Reason, &by, &name, &step.At); err != nil {
			return nil, pg.Translate(err)
		}
		if by != nil {
			step.By = &org.Person{ID: *by, Name: name}
		}
		taken[id] = append(taken[id], step)
	}
	return taken, pg.Translate(rows.Err())
}

func standingOf(steps []org.Step, zone string, now time.Time) (org.Standing, error) {
	place, err := time.LoadLocation(zone)
	if err != nil {
		return org.Standing{}, fmt.Errorf("time zone %s: %w", zone, err)
	}
	return org.StandingOf(steps, now, place), nil
}
