package catalogdb

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Columns of a card; scanCard reads them.
const cardColumns = `
	c.id, c.number, v.subject, v.field_id, f.parent_id, coalesce(f.name_zh, ''), coalesce(f.name_en, ''), v.title_zh, v.title_en, v.summary_zh, v.summary_en,
	o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, v.language, v.caption_languages, v.hours::float8, v.duration_s, v.has_video, v.has_document,
	v.published_at, v.id, v.number`

const cardFrom = `
	FROM course_versions v JOIN courses c ON c.id = v.course_id JOIN organisations o ON o.id = c.org_id LEFT JOIN fields f ON f.id = v.field_id`

// CardScan lists where the columns of a card go, for scans that read more beside them.
func cardScan(c *catalog.Card, field *fieldScan) []any {
	return []any{&c.ID, &c.Number, &c.Subject, &field.id, &field.parent, &field.name.Zh, &field.name.En, &c.Title.Zh, &c.Title.En, &c.Summary.Zh, &c.Summary.En,
		&c.Provider.ID, &c.Provider.Kind, &c.Provider.Level, &c.Provider.NameZh, &c.Provider.NameEn, &c.Language, &c.Captions, &c.Hours, &c.DurationS, &c.HasVideo, &c.HasDocument,
		&c.PublishedAt, &c.VersionID, &c.Version}
}

type fieldScan struct {
	id, parent *string
	name       catalog.Text
}

func (f fieldScan) field() *catalog.Field {
	if f.id == nil {
		return nil
	}
	out := &catalog.Field{ID: *f.id, ParentID: f.parent, Root: *f.id, Name: f.name}
	if f.parent != nil {
		out.Root = *f.parent
	}
	return out
}

// filterArgs are $1 to $8 of filterSQL.
func filterArgs(f catalog.Filter) []any {
	return []any{f.Query.TSQuery(), f.Subjects, f.Fields, f.Institutions, f.Languages, f.HoursMin, f.HoursMax, strings.Join(f.Query.Terms, " ")}
}

// filterSQL, with one condition a facet group so that a facet can leave out its
// own. A word is found literally or by its English stem.
const (
	matchQuery       = `($1 = '' OR v.search @@ $1::tsquery OR ($8 <> '' AND v.search @@ plainto_tsquery('english', $8)))`
	matchSubject     = `(cardinality($2::text[]) = 0 OR v.subject = ANY ($2))`
	matchField       = `(cardinality($3::text[]) = 0 OR v.field_id = ANY ($3) OR f.parent_id = ANY ($3))`
	matchInstitution = `(cardinality($4::uuid[]) = 0 OR c.org_id = ANY ($4))`
	matchLanguage    = `(cardinality($5::text[]) = 0 OR v.language = ANY ($5))`
	matchHours       = `(v.hours >= $6 AND ($7 = 0::float8 OR v.hours <= $7))`
)

var matchAll = strings.Join([]string{`v.state = 'published'`, matchQuery, matchSubject, matchField, matchInstitution, matchLanguage, matchHours}, " AND ")

// searchCursor is the sort key of the last item: a number or a text, and the id.
type searchCursor struct {
	Sort string
	Num  float64
	Text string
	ID   uuid.UUID
}

// order is how each sort is written: the key, whether it is text, and the direction.
var order = map[string]struct {
	key  string
	text bool
	desc bool
}{
	"relevance": {`round(ts_rank(v.search, $1::tsquery)::numeric, 6)::float8`, false, true},
	"newest":    {`extract(epoch FROM v.published_at)::float8`, false, true},
	"hours":     {`v.hours::float8`, false, false},
	"-hours":    {`v.hours::float8`, false, true},
	"title":     {`lower(v.title_zh || v.title_en) COLLATE "C"`, true, false},
}

// Search is one page of the catalogue with its facets.
func (s *Store) Search(ctx context.Context, f catalog.Filter) (catalog.Found, error) {
	if f.Sort == "" || (f.Sort == "relevance" && len(f.Query.Lexemes) == 0) {
		f.Sort = "newest"
	}
	var out catalog.Found
	var err error
	if out.Items, out.Next, err = s.searchPage(ctx, f); err != nil {
		return out, fmt.Errorf("search courses: %w", err)
	}
	if out.Facets, out.Total, err = s.facets(ctx, f); err != nil {
		return out, fmt.Errorf("count courses: %w", err)
	}
	return out, nil
}

func (s *Store) searchPage(ctx context.Context, f catalog.Filter) ([]catalog.Card, *string, error) {
	after, err := readCursor[searchCursor](f.Cursor)
	if err != nil {
		return nil, nil, err
	}
	if after != nil && after.Sort != f.Sort {
		after = nil // the order was changed: from the beginning
	}
	limit := min(max(f.Limit, 1), 100)
	o := order[f.Sort]
	sql, args := pageSQL(o.key, o.text, o.desc, after)
	args = append(filterArgs(f), args...)
	rows, err := s.db.Pool().Query(ctx, `SELECT `+cardColumns+`, `+o.key+cardFrom+` WHERE `+matchAll+sql+fmt.Sprintf(` LIMIT %d`, limit+1), args...)
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	var last searchCursor
	var keys []searchCursor
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c catalog.Card, err error) {
		var field fieldScan
		last = searchCursor{Sort: f.Sort}
		key := any(&last.Num)
		if o.text {
			key = &last.Text
		}
		err = row.Scan(append(cardScan(&c, &field), key)...)
		last.ID, c.Field = c.ID, field.field()
		keys = append(keys, last)
		return c, err
	})
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	if len(items) > limit {
		return items[:limit], writeCursor(keys[limit-1]), nil
	}
	return items, nil, nil
}

// pageSQL is the condition and order of a page that begins after the cursor.
func pageSQL(key string, text, desc bool, after *searchCursor) (sql string, args []any) {
	dir, cmp, kind := "", ">", "float8"
	if desc {
		dir, cmp = " DESC", "<"
	}
	if text {
		kind = `text COLLATE "C"`
	}
	if after != nil {
		sql = fmt.Sprintf(` AND (%s, c.id) %s ($9::%s, $10::uuid)`, key, cmp, kind)
		args = []any{after.Num, after.ID}
		if text {
			args[0] = after.Text
		}
	}
	return sql + fmt.Sprintf(` ORDER BY %s%s, c.id%s`, key, dir, dir), args
}

// facets counts, for every value of every filter, the courses that it would
// leave while the other filters stand; and the courses that all filters leave.
func (s *Store) facets(ctx context.Context, f catalog.Filter) (out []catalog.Facet, total int, err error) {
	rows, err := s.db.Pool().Query(ctx, `
		WITH found AS MATERIALIZED (
			SELECT v.subject, coalesce(f.parent_id, f.id) AS field, c.org_id, v.language, v.hours,
			       `+matchSubject+` AS s, `+matchField+` AS fi, `+matchInstitution+` AS i, `+matchLanguage+` AS l, `+matchHours+` AS h`+cardFrom+`
			WHERE v.state = 'published' AND `+matchQuery+`)
		SELECT 'total', '', '', '', count(*) FROM found WHERE s AND fi AND i AND l AND h
		UNION ALL SELECT 'subject', subject, '', '', count(*) FROM found WHERE fi AND i AND l AND h GROUP BY subject
		UNION ALL SELECT 'field', x.id, x.name_zh, x.name_en, count(*) FROM found JOIN fields x ON x.id = found.field WHERE s AND i AND l AND h GROUP BY x.id
		UNION ALL SELECT * FROM (SELECT 'institution', x.id::text, x.name_zh, x.name_en, count(*) FROM found JOIN organisations x ON x.id = found.org_id WHERE s AND fi AND l AND h GROUP BY x.id ORDER BY 5 DESC, 2 LIMIT 30) top
		UNION ALL SELECT 'language', language, '', '', count(*) FROM found WHERE s AND fi AND i AND h GROUP BY language
		UNION ALL SELECT 'hours', CASE WHEN hours <= 1 THEN '0-1' WHEN hours <= 4 THEN '1-4' WHEN hours <= 8 THEN '4-8' WHEN hours <= 12 THEN '8-12' ELSE '12-' END, '', '', count(*)
		          FROM found WHERE s AND fi AND i AND l GROUP BY 2`, filterArgs(f)...)
	if err != nil {
		return nil, 0, pg.Translate(err)
	}
	var x catalog.Facet
	_, err = pgx.ForEachRow(rows, []any{&x.Group, &x.Value, &x.Name.Zh, &x.Name.En, &x.Count}, func() error {
		if x.Group == "total" {
			total = x.Count
		} else {
			out = append(out, x)
		}
		return nil
	})
	return out, total, pg.Translate(err)
}

// Page is a published course's page; person may be uuid.Nil.
func (s *Store) Page(ctx context.Context, course, person uuid.UUID) (catalog.Page, error) {
	var p catalog.Page
	var field fieldScan
	var outcomes []byte
	// Learners of every version: the number is the course's.
	err := s.db.Pool().QueryRow(ctx, `
		SELECT `+cardColumns+`, v.description_zh, v.description_en, v.outcomes,
		       (SELECT count(DISTINCT e.person_id) FROM enrolments e WHERE e.course_id = c.id),
		       (SELECT e.id FROM enrolments e WHERE e.course_id = c.id AND e.person_id = $2 ORDER BY e.version_id = v.id DESC, e.enrolled_at DESC LIMIT 1)`+
		cardFrom+` WHERE c.id = $1 AND v.id = c.published_version_id`, course, person).
		Scan(append(cardScan(&p.Card, &field), &p.Description.Zh, &p.Description.En, &outcomes, &p.Learners, &p.EnrolmentID)...)
	if err != nil {
		return p, fmt.Errorf("course %s: %w", course, pg.Translate(err))
	}
	p.Field = field.field()
	if err := json.Unmarshal(outcomes, &p.Outcomes); err != nil {
		return p, fmt.Errorf("outcomes of %s: %w", course, err)
	}
	p.Chapters, err = outline(ctx, s.db.Pool(), p.VersionID)
	return p, err
}

// Cards are the cards of course versions, by version, for lists of other domains.
func (s *Store) Cards(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]catalog.Card, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT `+cardColumns+cardFrom+` WHERE v.id = ANY ($1) AND v.published_at IS NOT NULL`, versions)
	if err != nil {
		return nil, fmt.Errorf("cards: %w", pg.Translate(err))
	}
	defer rows.Close()
	out := map[uuid.UUID]catalog.Card{}
	for rows.Next() {
		var c catalog.Card
		var field fieldScan
		if err := rows.Scan(cardScan(&c, &field)...); err != nil {
			return nil, fmt.Errorf("cards: %w", pg.Translate(err))
		}
		c.Field = field.field()
		out[c.VersionID] = c
	}
	return out, pg.Translate(rows.Err())
}

// Outline is a version's chapters and lessons as learners see them.
func (s *Store) Outline(ctx context.Context, version uuid.UUID) ([]catalog.Chapter, error) {
	return outline(ctx, s.db.Pool(), version)
}

// Fields is the whole tree of fields, parents before children.
func (s *Store) Fields(ctx context.Context) ([]catalog.Field, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT id, parent_id, coalesce(parent_id, id), name_zh, name_en FROM fields ORDER BY parent_id NULLS FIRST, position`)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f catalog.Field, err error) {
		return f, row.Scan(&f.ID, &f.ParentID, &f.Root, &f.Name.Zh, &f.Name.En)
	})
	return list, pg.Translate(err)
}
