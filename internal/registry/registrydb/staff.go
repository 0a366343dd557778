package registrydb

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// dutyOfStaff is registry.Count for many people at once: of everybody who works
// at $1 or below it, in the year $2, between $3 and $4. Several records of one
// person are one line, by the record that stays. That it says what Store.Year
// says of each of them is tested on worlds drawn at random.
const dutyOfStaff = `
	WITH staff AS MATERIALIZED (
		SELECT DISTINCT ON (coalesce(r.merged_into, r.id)) coalesce(r.merged_into, r.id) AS person_id, m.org_id
		FROM memberships m JOIN organisations o ON o.id = m.org_id JOIN people r ON r.id = m.person_id
		WHERE o.lineage @> ARRAY[$1::uuid] AND m.role = 'professional' AND m.since <= $4 AND (m.until IS NULL OR m.until > $3)
		ORDER BY coalesce(r.merged_into, r.id), m.since DESC, m.id),
	records AS (
		SELECT person_id, person_id AS record FROM staff UNION ALL SELECT r.merged_into, r.id FROM people r JOIN staff s ON s.person_id = r.merged_into),
	tallied AS (
		SELECT r.person_id, coalesce(sum(t.professional), 0)::bigint AS professional, coalesce(sum(t.public_standing), 0)::bigint AS public,
		       CASE WHEN count(*) > 1 THEN repeated_hours(r.person_id, $2) ELSE '{0,0}' END AS again
		FROM records r LEFT JOIN year_tallies t ON t.person_id = r.record AND t.year = $2 GROUP BY r.person_id),
	home AS (
		SELECT DISTINCT ON (m.person_id) m.person_id, m.org_id FROM staff s JOIN memberships m ON m.person_id = s.person_id
		WHERE m.until IS NULL ORDER BY m.person_id, m.role = 'professional' DESC, m.since DESC, m.id),
	ruled AS (
		SELECT x.org_id, p.required, p.required * p.num / p.den AS cap
		FROM (SELECT DISTINCT h.org_id FROM staff s LEFT JOIN home h ON h.person_id = s.person_id) x LEFT JOIN organisations o ON o.id = x.org_id
		CROSS JOIN LATERAL (
			SELECT (y.required_hours * 100)::bigint AS required, y.public_numerator::bigint AS num, y.public_denominator::bigint AS den FROM hour_policies y
			WHERE y.year_from <= $2 AND (y.year_to IS NULL OR y.year_to >= $2) AND (y.jurisdiction_id IS NULL OR y.jurisdiction_id = ANY (o.lineage))
			ORDER BY array_position(o.lineage, y.jurisdiction_id) NULLS LAST, y.year_from DESC LIMIT 1) p),
	counted AS (
		SELECT s.person_id, s.org_id, r.required, greatest(0, t.professional - t.again[1]) AS professional, least(r.cap, t.public - t.again[2]) AS public
		FROM staff s LEFT JOIN home h ON h.person_id = s.person_id JOIN ruled r ON r.org_id IS NOT DISTINCT FROM h.org_id
		JOIN tallied t ON t.person_id = s.person_id),
	duty AS (SELECT c.*, professional + public AS total, greatest(0, required - professional - public) AS missing FROM counted c)`

// staffOrder is how a list of people is ordered: by a number, then by name.
type staffOrder struct {
	code byte
	key  string // SQL of the number, falling
}

var staffOrders = map[registry.StaffSort]staffOrder{
	registry.ByMissing: {'m', "d.missing"}, registry.ByName: {'n', "0::bigint"}, registry.ByHours: {'h', "d.total"},
}

// nameKey is by pinyin, short enough for a cursor.
const nameKey = `left(p.name, 20) COLLATE "zh-x-icu"`

// Staff is one page of an organisation's people with their year.
func (p *People) Staff(ctx context.Context, f registry.StaffFilter) (out registry.Staff, err error) {
	o, known := staffOrders[f.Sort]
	if !known {
		o = staffOrders[registry.ByMissing]
	}
	last, err := readPlace(f.Cursor, o.code)
	if err != nil {
		return out, err
	}
	t, err := p.term(ctx, f.Org, f.Year)
	if err != nil {
		return out, fmt.Errorf("staff of %s: %w", f.Org, err)
	}
	out.Year = t.year
	limit := min(max(f.Limit, 1), 100)
	rows, err := p.db.Pool().Query(ctx, dutyOfStaff+`
		SELECT d.person_id, p.name, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, d.required, d.professional, d.public, `+o.key+`, left(p.name, 20)
		FROM duty d JOIN people p ON p.id = d.person_id JOIN organisations o ON o.id = d.org_id
		WHERE ($5 = '' OR strpos(lower(p.name), lower($5)) > 0)
		  AND CASE $6 WHEN 'met' THEN missing = 0 WHEN 'begun' THEN missing > 0 AND total > 0 WHEN 'not-begun' THEN missing > 0 AND total = 0 ELSE true END
		  AND ($7::bigint IS NULL OR `+o.key+` < $7 OR (`+o.key+` = $7 AND (`+nameKey+`, p.id) > ($8::text COLLATE "zh-x-icu", $9)))
		ORDER BY `+o.key+` DESC, `+nameKey+`, p.id LIMIT $10`,
		f.Org, t.year, t.from, t.to, strings.TrimSpace(strings.ReplaceAll(f.Query, "\x00", "")), f.Standing, last.number, last.name, last.id, limit+1)
	if err != nil {
		return out, fmt.Errorf("staff of %s: %w", f.Org, pg.Translate(err))
	}
	var places []place
	out.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m registry.Member, err error) {
		var at place
		into := append([]any{&m.ID, &m.Name}, refScan(&m.Org)...)
		err = row.Scan(append(into, &m.Required, &m.Counted.Professional, &m.Counted.Public, &at.number, &at.name)...)
		at.id = m.ID
		places = append(places, at)
		return m, err
	})
	if err != nil {
		return out, fmt.Errorf("staff of %s: %w", f.Org, pg.Translate(err))
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next = new(places[limit-1].write(o.code))
	}
	return out, nil
}

// place is where a page ended: the number it is ordered by, the name, the id.
type place struct {
	number *int64 // nil: the first page
	name   string
	id     uuid.UUID
}

func (p place) write(code byte) string {
	data := append([]byte{code}, p.id[:]...)
	data = binary.BigEndian.AppendUint64(data, uint64(*p.number))
	return base64.RawURLEncoding.EncodeToString(append(data, p.name...))
}

func readPlace(text string, code byte) (p place, err error) {
	if text == "" {
		return p, nil
	}
	const head = 1 + len(p.id) + 8
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) < head || data[0] != code || !utf8.Valid(data[head:]) || strings.ContainsRune(string(data[head:]), 0) {
		return p, fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before, in the same order"})
	}
	number := int64(binary.BigEndian.Uint64(data[head-8 : head]))
	return place{&number, string(data[head:]), uuid.UUID(data[1:17])}, nil
}
