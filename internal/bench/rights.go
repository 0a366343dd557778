package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// RightsOptions say how much of everything is planted.
type RightsOptions struct {
	Memberships int // in the table; 0: 1,000,000
	Events      int // in the audit trail; 0: 1,000,000
	Roles       int // of the person who asks; 0: 50
}

// RightsReport is what a check of a right takes.
type RightsReport struct {
	Memberships int `json:"memberships"`
	Roles       int `json:"roles"`
	// CheckUS is one check of a right over an organisation, of a person with so many roles, in microseconds.
	CheckUS float64 `json:"check_us"`
	// ScopeUS is working out where a right is held, for a query.
	ScopeUS float64 `json:"scope_us"`
	// AuthenticateUS is the median of the query that says who asks, with all roles, and of a person with one.
	AuthenticateUS    float64 `json:"authenticate_us"`
	AuthenticateOneUS float64 `json:"authenticate_one_us"`
	Events            int     `json:"events"`
	// Trail are medians of one page of the audit trail, in milliseconds, by what is searched.
	Trail map[string]float64 `json:"trail_ms"`
}

// Rights measures on a database of its own.
func Rights(ctx context.Context, o RightsOptions) (r RightsReport, err error) {
	o.Memberships, o.Events, o.Roles = cmp.Or(o.Memberships, 1_000_000), cmp.Or(o.Events, 1_000_000), cmp.Or(o.Roles, 50)
	dir, err := os.MkdirTemp("", "hg-bench-rights-")
	if err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil {
		return r, err
	}
	server, cache, db, err := startServers(ctx, dir)
	defer func() {
		if db != nil {
			db.Close()
		}
		if cache != nil {
			_ = cache.Close()
		}
		if server != nil {
			_ = server.Close()
		}
	}()
	if err != nil {
		return r, err
	}
	r = RightsReport{Memberships: o.Memberships, Roles: o.Roles, Events: o.Events, Trail: map[string]float64{}}
	if err := plantRights(ctx, db, o); err != nil {
		return r, fmt.Errorf("plant: %w", err)
	}
	many, err := r.authenticate(ctx, db)
	if err != nil {
		return r, err
	}
	r.check(many)
	return r, r.search(ctx, db)
}

// The tree has a nation, 30 provinces, 300 cities and 30,000 employers.
const plantTree = `
	WITH n AS (SELECT md5('n')::uuid AS id), p AS (SELECT md5('p' || i)::uuid AS id, i FROM generate_series(0, 29) i), c AS (SELECT md5('c' || i)::uuid AS id, i FROM generate_series(0, 299) i),
	     e AS (SELECT md5('e' || i)::uuid AS id, i FROM generate_series(0, 29999) i)
	INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at)
	SELECT id, 'personnel_department', 'national', 'n', NULL, ARRAY[id], now() FROM n
	UNION ALL SELECT p.id, 'personnel_department', 'provincial', 'p' || i, n.id, ARRAY[p.id, n.id], now() FROM p, n
	UNION ALL SELECT c.id, 'personnel_department', 'municipal', 'c' || c.i, p.id, ARRAY[c.id, p.id, n.id], now() FROM c JOIN p ON p.i = c.i / 10, n
	UNION ALL SELECT e.id, 'employer', NULL, 'e' || e.i, c.id, ARRAY[e.id, c.id, p.id, n.id], now() FROM e JOIN c ON c.i = e.i / 100 JOIN p ON p.i = c.i / 10, n`

func plantRights(ctx context.Context, db *pg.DB, o RightsOptions) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`SET statement_timeout = 0`, nil},
		{plantTree, nil},
		{`INSERT INTO people (id, name, created_at) SELECT md5('h' || i)::uuid, 'h' || i, now() FROM generate_series(0, $1::int - 1) i`, []any{o.Memberships}},
		{`INSERT INTO memberships (id, person_id, org_id, role, since) SELECT md5('m' || i)::uuid, md5('h' || i)::uuid, md5('e' || i % 30000)::uuid, 'professional', now() - interval '1 year' FROM generate_series(0, $1::int - 1) i`, []any{o.Memberships}},
		// The first person has roles in many cities besides.
		{`INSERT INTO memberships (id, person_id, org_id, role, since) SELECT md5('x' || i)::uuid, md5('h0')::uuid, md5('c' || i)::uuid, 'department_officer', now() - interval '1 year' FROM generate_series(0, $1::int - 2) i`, []any{o.Roles}},
		{`INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at) SELECT decode(md5('t' || i) || md5('u' || i), 'hex'), md5('h' || i)::uuid, now(), now(), now() + interval '1 day' FROM generate_series(0, 9999) i`, nil},
		{`INSERT INTO audit_events (id, at, actor_id, action, object_kind, object_id, subject_id, org_id)
			SELECT md5('a' || i)::uuid, now() - i * interval '30 seconds', md5('h' || i % 1000)::uuid, (ARRAY['membership.give', 'course.submit', 'record.view', 'account.sign-in'])[1 + i % 4], 'thing', md5('o' || i)::uuid,
			       md5('h' || i * 7 % $2::int)::uuid, CASE WHEN i % 3 > 0 THEN md5('e' || i * 13 % 30000)::uuid END FROM generate_series(0::bigint, $1::bigint - 1) i`, []any{o.Events, o.Memberships}},
		{`ANALYZE`, nil},
	} {
		if _, err := db.Pool().Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("%.60s: %w", step.sql, err)
		}
	}
	return nil
}

// authenticate asks who is behind a token, of the person with many roles and of others.
func (r *RightsReport) authenticate(ctx context.Context, db *pg.DB) (*identity.Actor, error) {
	store := identitydb.New(db)
	var hashes []identity.TokenHash
	rows, err := db.Pool().Query(ctx, `SELECT token_hash FROM sign_ins ORDER BY person_id = md5('h0')::uuid DESC, token_hash LIMIT 1000`)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var h []byte
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		hashes = append(hashes, identity.TokenHash(h))
	}
	if rows.Err() != nil {
		return nil, rows.Err()
	}
	var many *identity.Actor
	ask := func(hash func(int) identity.TokenHash) (float64, error) {
		return typical(1000, func(i int) (err error) {
			a, _, err := store.ActorByToken(ctx, hash(i), time.Now())
			if err == nil && a == nil {
				err = fmt.Errorf("nobody is signed in")
			}
			if i == 0 && many == nil {
				many = a
			}
			return err
		})
	}
	if r.AuthenticateUS, err = ask(func(int) identity.TokenHash { return hashes[0] }); err != nil {
		return nil, err
	}
	r.AuthenticateOneUS, err = ask(func(i int) identity.TokenHash { return hashes[1+i%(len(hashes)-1)] })
	return many, err
}

// typical is the median of n calls, in microseconds.
func typical(n int, do func(i int) error) (float64, error) {
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		if err := do(i); err != nil {
			return 0, err
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return float64(took[n/2].Nanoseconds()) / 1000, nil
}

// check asks for a right that is held in the last of the person's places, and for one that is not.
func (r *RightsReport) check(a *identity.Actor) {
	last := a.Memberships[len(a.Memberships)-1].OrgID
	held, foreign := []uuid.UUID{uuid.New(), last, uuid.New()}, []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	const rounds = 20_000
	start := time.Now()
	for range rounds {
		if a.RequireIn(identity.ManageMembers, held) != nil || a.RequireIn(identity.ManageMembers, foreign) == nil {
			panic("a right is given to the wrong one")
		}
	}
	r.CheckUS = float64(time.Since(start).Nanoseconds()) / 1000 / (2 * rounds)
	start = time.Now()
	for range rounds {
		_ = a.Scope(identity.SeePeople)
	}
	r.ScopeUS = float64(time.Since(start).Nanoseconds()) / 1000 / rounds
}

// search reads one page of the trail by each of the ways it is asked for.
func (r *RightsReport) search(ctx context.Context, db *pg.DB) error {
	trail := auditdb.New(db, nil)
	var nation, province, city, person uuid.UUID
	if err := db.Pool().QueryRow(ctx, `SELECT md5('n')::uuid, md5('p7')::uuid, md5('c77')::uuid, md5('h700')::uuid`).Scan(&nation, &province, &city, &person); err != nil {
		return err
	}
	year := time.Now().AddDate(0, 0, -365)
	for name, f := range map[string]audit.Filter{
		"auditor": {Scope: audit.Scope{Everywhere: true}}, "nation": {Scope: audit.Scope{Below: []uuid.UUID{nation}}}, "province": {Scope: audit.Scope{Below: []uuid.UUID{province}}},
		"city": {Scope: audit.Scope{Below: []uuid.UUID{city}}}, "city, a year": {Scope: audit.Scope{Below: []uuid.UUID{city}}, From: year},
		"city, a year, nothing found": {Scope: audit.Scope{Below: []uuid.UUID{city}}, From: year, Action: "nothing.done"},
		"nobody's, a year":            {Scope: audit.Scope{Below: []uuid.UUID{uuid.New()}}, From: year},
		"a subject, a year":           {Scope: audit.Scope{Below: []uuid.UUID{province}}, From: year, Subject: person},
		"an actor, a year":            {Scope: audit.Scope{Below: []uuid.UUID{province}}, From: year, Actor: person},
		"an object, a year":           {Scope: audit.Scope{Everywhere: true}, From: year, Object: person},
		"all of a kind, a year":       {Scope: audit.Scope{Everywhere: true}, From: year, ObjectKind: "nothing"},
		"all deeds on one, a year":    {Scope: audit.Scope{Everywhere: true}, From: year, Action: "nothing."},
	} {
		f.Limit = 50
		us, err := typical(5, func(int) error { _, err := trail.Search(ctx, f); return err })
		if err != nil {
			return err
		}
		r.Trail[name] = us / 1000
	}
	return nil
}
