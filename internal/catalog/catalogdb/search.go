package catalogdb

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// orders are the catalogue's, by the name a filter asks for.
var orders = map[string]ordering{
	"relevance": byRelevance, "newest": byNewest, "hours": byHours, "-hours": byHoursDesc, "title": byTitle,
}

// Search is one page of the catalogue with its facets. An order that is not
// known, and relevance without a query, is newest first.
func (s *Store) Search(ctx context.Context, f catalog.Filter) (catalog.Found, error) {
	var out catalog.Found
	stems, err := stemsOf(ctx, s.db.Pool(), catalog.Latin(f.Query.Words()))
	if err != nil {
		return out, fmt.Errorf("search courses: %w", err)
	}
	tsquery := f.Query.TSQuery(stems)
	if out.Items, out.Next, err = s.searchPage(ctx, f, tsquery); err != nil {
		return out, fmt.Errorf("search courses: %w", err)
	}
	if out.Facets, out.Total, err = s.facets(ctx, f, tsquery); err != nil {
		return out, fmt.Errorf("count courses: %w", err)
	}
	return out, nil
}

// stemsOf asks PostgreSQL's dictionary, so that what is kept and what is asked
// for are stemmed alike.
func stemsOf(ctx context.Context, q pg.Querier, words []string) (catalog.Stems, error) {
	out := catalog.Stems{}
	if len(words) == 0 {
		return out, nil
	}
	rows, err := q.Query(ctx, `SELECT w, coalesce((ts_lexize('english_stem', w))[1], '') FROM unnest($1::text[]) w`, words)
	if err != nil {
		return nil, fmt.Errorf("stem words: %w", pg.Translate(err))
	}
	var word, stem string
	_, err = pgx.ForEachRow(rows, []any{&word, &stem}, func() error { out[word] = stem; return nil })
	return out, pg.Translate(err)
}

func (s *Store) searchPage(ctx context.Context, f catalog.Filter, tsquery string) ([]catalog.Card, *string, error) {
	o, known := orders[f.Sort]
	if !known || (f.Sort == "relevance" && tsquery == "") {
		o = byNewest
	}
	last, err := o.read(f.Cursor)
	if err != nil {
		return nil, nil, err
	}
	c := conditionsOf(f, tsquery)
	if o.code == byRelevance.code {
		o.key = "ts_rank(v.search, " + c.query + ")::float8"
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, `SELECT `+o.key+`, `+cardColumns+cardFrom+` WHERE `+c.all()+c.after(o, last)+` LIMIT `+strconv.Itoa(limit+1), c.args...)
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	return cardPage(rows, o, limit)
}

// cardPage reads one card more than the limit to know whether there is a next page.
func cardPage(rows pgx.Rows, o ordering, limit int) ([]catalog.Card, *string, error) {
	var keys []cursor
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c catalog.Card, err error) {
		var field fieldScan
		var key any
		err = row.Scan(append([]any{&key}, cardScan(&c, &field)...)...)
		c.Field = field.field()
		keys = append(keys, cursor{Key: key, ID: c.VersionID})
		return c, err
	})
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	if len(items) > limit {
		return items[:limit], o.write(keys[limit-1]), nil
	}
	return items, nil, nil
}
