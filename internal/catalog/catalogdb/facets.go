package catalogdb

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// facets counts, for every value of every group, the courses that it would
// leave while the other groups' filters stand; and the courses that all filters
// leave. Bands of hours share their bounds, as the filter's bounds do.
func (s *Store) facets(ctx context.Context, f catalog.Filter, tsquery string) (out []catalog.Facet, total int, err error) {
	c := conditionsOf(f, tsquery)
	rows, err := s.db.Pool().Query(ctx, `
		WITH found AS MATERIALIZED (
			SELECT v.subject, coalesce(f.parent_id, f.id) AS field, c.org_id, v.language, v.hours,
			       `+c.subject+` AS s, `+c.field+` AS fi, `+c.institution+` AS i, `+c.language+` AS l, `+c.hours+` AS h
			FROM course_versions v JOIN courses c ON c.id = v.course_id LEFT JOIN fields f ON f.id = v.field_id
			WHERE v.state = 'published' AND `+c.found+`)
		SELECT 'total', '', '', '', count(*), 0::float8 FROM found WHERE s AND fi AND i AND l AND h
		UNION ALL SELECT 'subject', subject, '', '', count(*), 0 FROM found WHERE fi AND i AND l AND h GROUP BY subject
		UNION ALL SELECT 'field', x.id, x.name_zh, x.name_en, n, x.position
		          FROM (SELECT field, count(*) AS n FROM found WHERE s AND i AND l AND h GROUP BY field) y JOIN fields x ON x.id = y.field
		UNION ALL SELECT 'institution', x.id::text, x.name_zh, x.name_en, n, -n
		          FROM (SELECT org_id, count(*) AS n FROM found WHERE s AND fi AND l AND h GROUP BY org_id ORDER BY 2 DESC, 1 LIMIT 30) y JOIN organisations x ON x.id = y.org_id
		UNION ALL SELECT 'language', language, '', '', count(*), 0 FROM found WHERE s AND fi AND i AND h GROUP BY language
		UNION ALL SELECT 'hours', band, '', '', sum(n)::bigint, low
		          FROM (SELECT hours, count(*) AS n FROM found WHERE s AND fi AND i AND l GROUP BY hours) y
		          JOIN (VALUES ('0-1', 0, 1), ('1-4', 1, 4), ('4-8', 4, 8), ('8-12', 8, 12), ('12-', 12, 200)) b (band, low, high) ON hours BETWEEN low AND high
		          GROUP BY band, low
		ORDER BY 1, 6, 2`, c.args...)
	if err != nil {
		return nil, 0, pg.Translate(err)
	}
	var x catalog.Facet
	var position float64
	_, err = pgx.ForEachRow(rows, []any{&x.Group, &x.Value, &x.Name.Zh, &x.Name.En, &x.Count, &position}, func() error {
		if x.Group == "total" {
			total = x.Count
		} else {
			out = append(out, x)
		}
		return nil
	})
	return out, total, pg.Translate(err)
}
