package registrydb

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// People reads the years of whole organisations, for whoever may see their people.
type People struct{ *Store }

// NewPeople makes a reader on a store.
func NewPeople(s *Store) *People { return &People{s} }

// term is a year of an organisation: whose memberships fall into it, in UTC.
// Of the present year, and of one to come, only those who are there now.
type term struct {
	year     int
	from, to time.Time
}

func (p *People) term(ctx context.Context, orgID uuid.UUID, year int) (term, error) {
	var name string
	if err := p.db.Pool().QueryRow(ctx, `SELECT time_zone FROM organisations WHERE id = $1`, orgID).Scan(&name); err != nil {
		return term{}, pg.Translate(err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return term{}, fmt.Errorf("time zone %s: %w", name, err)
	}
	return termOf(year, p.now().In(zone)), nil
}

func termOf(year int, now time.Time) term {
	if year == 0 || year >= now.Year() {
		if year == 0 {
			year = now.Year()
		}
		return term{year, now.UTC(), now.UTC()}
	}
	start := time.Date(year, 1, 1, 0, 0, 0, 0, now.Location())
	return term{year, start.UTC(), start.AddDate(1, 0, 0).UTC()}
}

// Lineage is an organisation and all above it, nearest first; NotFound when there is none.
func (p *People) Lineage(ctx context.Context, orgID uuid.UUID) (lineage []uuid.UUID, err error) {
	err = p.db.Pool().QueryRow(ctx, `SELECT lineage FROM organisations WHERE id = $1`, orgID).Scan(&lineage)
	return lineage, pg.Translate(err)
}

// stay is one time a person worked within an officer's scope.
type stay struct {
	org   org.Ref
	since time.Time
	until *time.Time
}

func (s stay) falls(t term) bool {
	return !s.since.After(t.to) && (s.until == nil || s.until.After(t.from))
}

// File is a person's file of a year (0: the present one where they work) for
// whoever sees a scope: NotFound unless they worked within it in that year.
// Whichever record of a person is asked for, it is the file of the one that stays.
func (p *People) File(ctx context.Context, person uuid.UUID, scope identity.Scope, year int) (f registry.File, err error) {
	if err := p.db.Pool().QueryRow(ctx, `SELECT id, name FROM people WHERE id = (SELECT coalesce(merged_into, id) FROM people WHERE id = $1)`, person).Scan(&f.ID, &f.Name); err != nil {
		return f, pg.Translate(err)
	}
	zone, err := zoneOf(ctx, p.db.Pool(), f.ID)
	if err != nil {
		return f, err
	}
	t := termOf(year, p.now().In(zone))
	stays, err := p.stays(ctx, f.ID, scope)
	if err != nil {
		return f, fmt.Errorf("person %s: %w", person, err)
	}
	at := slices.IndexFunc(stays, func(s stay) bool { return s.falls(t) })
	if at < 0 {
		return registry.File{}, fault.Nothing()
	}
	f.Org, f.Years = stays[at].org, yearsOf(stays, p.now().In(zone))
	if f.Account, err = p.Year(ctx, f.ID, t.year); err != nil {
		return f, err
	}
	f.Duty = f.Account.Duty()
	return f, nil
}

// stays are the times a person worked within a scope under any record, the last one first.
func (p *People) stays(ctx context.Context, person uuid.UUID, scope identity.Scope) ([]stay, error) {
	rows, err := p.db.Pool().Query(ctx, `
		SELECT m.since, m.until, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en
		FROM memberships m JOIN organisations o ON o.id = m.org_id
		WHERE m.person_id = ANY (same_people($1)) AND m.role = 'professional' AND ($2 OR o.id = ANY ($3) OR o.lineage && $4) ORDER BY m.since DESC, m.id LIMIT 200`,
		person, scope.Everywhere, scope.Here, scope.Below)
	if err != nil {
		return nil, pg.Translate(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s stay, err error) {
		return s, row.Scan(append([]any{&s.since, &s.until}, refScan(&s.org)...)...)
	})
	return all, pg.Translate(err)
}

// yearsOf are the years that the stays fall into.
func yearsOf(stays []stay, now time.Time) (years []int) {
	for year := now.Year(); year >= 1995; year-- {
		if slices.ContainsFunc(stays, func(s stay) bool { return s.falls(termOf(year, now)) }) {
			years = append(years, year)
		}
	}
	return years
}

// Roll counts how the people of an organisation, and of each one directly below
// it, stand with a year's duty. An organisation without people has no line.
func (p *People) Roll(ctx context.Context, orgID uuid.UUID, year int) (r registry.Roll, err error) {
	t, err := p.term(ctx, orgID, year)
	if err != nil {
		return r, fmt.Errorf("roll of %s: %w", orgID, err)
	}
	rows, err := p.db.Pool().Query(ctx, dutyOfStaff+`
		SELECT x.id, x.kind, coalesce(x.level, ''), x.name_zh, x.name_en, count(*), count(*) FILTER (WHERE missing = 0), count(*) FILTER (WHERE missing > 0 AND total > 0),
		       sum(total)::bigint, sum(required)::bigint
		FROM duty d JOIN organisations o ON o.id = d.org_id
		JOIN organisations x ON x.id = o.lineage[greatest(array_position(o.lineage, $1) - 1, 1)]
		GROUP BY x.id ORDER BY x.name_zh COLLATE "zh-x-icu", x.id`, orgID, t.year, t.from, t.to)
	if err != nil {
		return r, pg.Translate(err)
	}
	r.Year = t.year
	r.Below, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l registry.RollLine, err error) {
		return l, row.Scan(append(refScan(&l.Org), &l.People, &l.Met, &l.Begun, &l.Counted, &l.Required)...)
	})
	for _, l := range r.Below {
		r.People, r.Met, r.Begun = r.People+l.People, r.Met+l.Met, r.Begun+l.Begun
		r.Counted, r.Required = r.Counted+l.Counted, r.Required+l.Required
	}
	return r, pg.Translate(err)
}

func refScan(o *org.Ref) []any { return []any{&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn} }
