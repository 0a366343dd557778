package registrydb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Columns of an entry with what belongs to it; scanEntry reads them.
const entryColumns = `
	e.index, e.id, e.kind, e.person_id, e.year, e.subject, (e.hours * 100)::bigint, e.source_key, e.course_id, e.version_id, e.title_zh, e.title_en,
	o.id, coalesce(o.kind, ''), coalesce(o.level, ''), coalesce(o.name_zh, ''), coalesce(o.name_en, ''), e.corrects, e.reason, e.earned_at, e.recorded_at, k.serial`

const entryFrom = ` FROM ledger_entries e LEFT JOIN organisations o ON o.id = e.provider_id LEFT JOIN certificates k ON k.ledger_index = e.index`

func entryScan(e *registry.Entry, provider *org.Ref, providerID **uuid.UUID) []any {
	return []any{&e.Index, &e.ID, &e.Kind, &e.PersonID, &e.Year, &e.Subject, &e.Hours, &e.SourceKey, &e.CourseID, &e.VersionID, &e.Title.Zh, &e.Title.En,
		providerID, &provider.Kind, &provider.Level, &provider.NameZh, &provider.NameEn, &e.Corrects, &e.Reason, &e.EarnedAt, &e.RecordedAt, &e.Serial}
}

func scanEntry(row pgx.CollectableRow) (e registry.Entry, err error) {
	var provider org.Ref
	var id *uuid.UUID
	if err := row.Scan(entryScan(&e, &provider, &id)...); err != nil {
		return e, err
	}
	if id != nil {
		provider.ID = *id
		e.Provider = &provider
	}
	return e, nil
}

// Year is a person's account of a year; 0 means the present one where they work.
func (s *Store) Year(ctx context.Context, person uuid.UUID, year int) (registry.Account, error) {
	zone, err := zoneOf(ctx, s.db.Pool(), person)
	if err != nil {
		return registry.Account{}, err
	}
	if year == 0 {
		year = s.now().In(zone).Year()
	}
	policy, err := s.policy(ctx, person, year)
	if err != nil {
		return registry.Account{}, fmt.Errorf("policy of %d: %w", year, err)
	}
	rows, err := s.db.Pool().Query(ctx, `SELECT `+entryColumns+entryFrom+` WHERE e.person_id = ANY (same_people($1)) AND e.year = $2 ORDER BY e.index`, person, year)
	if err != nil {
		return registry.Account{}, pg.Translate(err)
	}
	entries, err := pgx.CollectRows(rows, scanEntry)
	if err != nil {
		return registry.Account{}, fmt.Errorf("entries of %d: %w", year, pg.Translate(err))
	}
	if err := s.markRepeats(ctx, person, entries); err != nil {
		return registry.Account{}, fmt.Errorf("entries of %d: %w", year, err)
	}
	return registry.Count(year, policy, entries), nil
}

// markRepeats marks entries of courses that another record of the same person
// has hours for, registered before in any year and not taken back since.
func (s *Store) markRepeats(ctx context.Context, person uuid.UUID, entries []registry.Entry) error {
	several := false
	for _, e := range entries {
		several = several || e.PersonID != person
	}
	if !several { // nearly everybody has one record
		var err error
		if several, err = s.merged(ctx, person); err != nil || !several {
			return err
		}
	}
	at := make([]int64, len(entries))
	for i, e := range entries {
		at[i] = e.Index
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT e.index FROM ledger_entries e
		WHERE e.index = ANY ($2) AND e.kind = 'registered' AND EXISTS (
			SELECT FROM ledger_entries x
			WHERE x.person_id = ANY (same_people($1)) AND x.person_id <> e.person_id AND x.course_id = e.course_id AND x.kind = 'registered' AND x.index < e.index
			  AND x.hours + coalesce((SELECT sum(c.hours) FROM ledger_entries c WHERE c.corrects = x.index), 0) > 0)`, person, at)
	if err != nil {
		return pg.Translate(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for i := range entries {
		entries[i].Repeats = slices.Contains(found, entries[i].Index)
	}
	return pg.Translate(err)
}

func (s *Store) merged(ctx context.Context, person uuid.UUID) (yes bool, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT EXISTS (SELECT FROM people WHERE merged_into = $1)`, person).Scan(&yes)
	return yes, pg.Translate(err)
}

// Years are those with entries, newest first.
func (s *Store) Years(ctx context.Context, person uuid.UUID) ([]int, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT DISTINCT year FROM ledger_entries WHERE person_id = ANY (same_people($1)) ORDER BY year DESC`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return list, pg.Translate(err)
}

// policy is the nearest one up the lineage of the person's employer, else the
// founding one; of several the one that began last.
func (s *Store) policy(ctx context.Context, person uuid.UUID, year int) (p registry.Policy, err error) {
	var id *uuid.UUID
	var j org.Ref
	err = s.db.Pool().QueryRow(ctx, `
		WITH employer AS (
			SELECT o.lineage FROM memberships m JOIN organisations o ON o.id = m.org_id
			WHERE m.person_id = $1 AND m.until IS NULL ORDER BY m.role = 'professional' DESC, m.since DESC, m.id LIMIT 1)
		SELECT p.id, p.title_zh, p.title_en, (p.required_hours * 100)::bigint, p.public_numerator, p.public_denominator, p.hour_minutes, (p.day_hours * 100)::bigint,
		       o.id, coalesce(o.kind, ''), coalesce(o.level, ''), coalesce(o.name_zh, ''), coalesce(o.name_en, '')
		FROM hour_policies p LEFT JOIN organisations o ON o.id = p.jurisdiction_id
		WHERE p.year_from <= $2 AND (p.year_to IS NULL OR p.year_to >= $2)
		  AND (p.jurisdiction_id IS NULL OR p.jurisdiction_id = ANY (SELECT unnest(lineage) FROM employer))
		ORDER BY array_position((SELECT lineage FROM employer), p.jurisdiction_id) NULLS LAST, p.year_from DESC LIMIT 1`, person, year).
		Scan(&p.ID, &p.Title.Zh, &p.Title.En, &p.Required, &p.PublicNum, &p.PublicDen, &p.HourMinutes, &p.DayHours, &id, &j.Kind, &j.Level, &j.NameZh, &j.NameEn)
	if id != nil {
		j.ID = *id
		p.Jurisdiction = &j
	}
	return p, pg.Translate(err)
}

const certificateColumns = `k.serial, k.holder_name, k.issuer_zh, k.issuer_en, k.issued_at,
	coalesce((SELECT x.reason FROM ledger_entries x WHERE x.corrects = e.index AND x.hours < 0 ORDER BY x.index DESC LIMIT 1), ''), ` + entryColumns

func scanCertificate(row pgx.CollectableRow) (c registry.Certificate, err error) {
	var provider org.Ref
	var id *uuid.UUID
	into := append([]any{&c.Serial, &c.Holder, &c.Issuer.Zh, &c.Issuer.En, &c.IssuedAt, &c.CorrectedBy}, entryScan(&c.Entry, &provider, &id)...)
	if err := row.Scan(into...); err != nil {
		return c, err
	}
	if id != nil {
		provider.ID = *id
		c.Entry.Provider = &provider
	}
	return c, nil
}

// Certificates is one page of a person's, newest first; the cursor is the last index.
func (s *Store) Certificates(ctx context.Context, person uuid.UUID, limit int, before *int64) (items []registry.Certificate, more bool, err error) {
	limit = min(max(limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, `SELECT `+certificateColumns+entryFrom+`
		WHERE k.person_id = ANY (same_people($1)) AND ($2::bigint IS NULL OR e.index < $2) ORDER BY e.index DESC LIMIT $3`, person, before, limit+1)
	if err != nil {
		return nil, false, pg.Translate(err)
	}
	items, err = pgx.CollectRows(rows, scanCertificate)
	if err != nil {
		return nil, false, fmt.Errorf("certificates: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}

// Certificate is the one with the serial.
func (s *Store) Certificate(ctx context.Context, serial string) (registry.Certificate, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT `+certificateColumns+entryFrom+` WHERE k.serial = $1`, serial)
	if err != nil {
		return registry.Certificate{}, pg.Translate(err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCertificate)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, fault.Coded(fault.NotFound, "no-certificate", "There is no certificate with this serial number.")
	}
	return c, pg.Translate(err)
}

// Size is how many entries the ledger has.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT coalesce(max(index) + 1, 0) FROM ledger_entries`).Scan(&n)
	return n, pg.Translate(err)
}

// Root is the head of the tree of the first size entries.
func (s *Store) Root(ctx context.Context, size int64) (tlog.Hash, error) {
	h, err := tlog.TreeHash(size, hashReader(ctx, s.db.Pool()))
	if err != nil {
		return h, fmt.Errorf("head of the ledger at %d: %w", size, err)
	}
	return h, nil
}

// Prove is the proof that an entry stands in the ledger of a size; 0: the present one.
func (s *Store) Prove(ctx context.Context, index, size int64) (p registry.Proof, err error) {
	present, err := s.Size(ctx)
	if err != nil {
		return p, err
	}
	if size == 0 {
		size = present
	}
	if size > present {
		return p, fault.New(fault.Invalid, "the ledger is not that long", fault.Field{Path: "query.size", Message: fmt.Sprintf("must be at most %d", present)})
	}
	if index >= size {
		return p, fault.New(fault.NotFound, "there is no such entry in a ledger of this size")
	}
	var record []byte
	if err := s.db.Pool().QueryRow(ctx, `SELECT record FROM ledger_entries WHERE index = $1`, index).Scan(&record); err != nil {
		return p, pg.Translate(err)
	}
	p = registry.Proof{Index: index, Size: size, Leaf: tlog.RecordHash(record)}
	p.Path, err = tlog.ProveRecord(size, index, hashReader(ctx, s.db.Pool()))
	if err != nil {
		return p, fmt.Errorf("prove entry %d: %w", index, err)
	}
	return p, nil
}
