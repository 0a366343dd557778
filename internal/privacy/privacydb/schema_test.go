package privacydb

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/privacy"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

func ask[T any](t *testing.T, db *pg.DB, sql string, args ...any) []T {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

type column struct{ Table, Column string }

func find(name string) *table {
	for i := range tables {
		if tables[i].Name == name {
			return &tables[i]
		}
	}
	return nil
}

// references are the columns that refer to one of the tables.
func references(t *testing.T, db *pg.DB, to ...string) []column {
	t.Helper()
	return ask[column](t, db, `
		SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c
		CROSS JOIN unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k
		JOIN pg_class r ON r.oid = c.conrelid AND NOT r.relispartition
		WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY ($1) ORDER BY 1, 2`, to)
}

func TestEveryColumnThatRefersToAPersonIsExportedAndDeletedOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	seen := map[string]bool{}
	for _, c := range references(t, db, "people", "accounts") {
		seen[c.Table+"."+c.Column] = true
		if x := find(c.Table); x == nil || !slices.Contains(x.By, c.Column) {
			t.Errorf("%s.%s refers to a person and does not stand in tables", c.Table, c.Column)
		}
	}
	if len(seen) < 20 {
		t.Fatalf("only %d columns were found", len(seen))
	}
	for _, x := range tables {
		for _, by := range x.By {
			if !seen[x.Name+"."+by] {
				t.Errorf("%s.%s stands in tables and refers to nobody", x.Name, by)
			}
		}
		if (x.Erase == "") == (x.Keep == "") {
			t.Errorf("%s must say what a deletion does, or why it does nothing", x.Name)
		}
		if !slices.ContainsFunc(privacy.Holdings, func(h privacy.Holding) bool { return h.Key == x.Holding }) {
			t.Errorf("%s is of %q, which nobody is told of", x.Name, x.Holding)
		}
	}
}

func TestWhatHangsOnARowOfAPersonIsExportedToo(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var exported []string
	for _, x := range tables {
		if x.Private == "" && x.Name != "people" {
			exported = append(exported, x.Name)
		}
	}
	for _, c := range references(t, db, exported...) {
		if find(c.Table) == nil {
			t.Errorf("%s.%s hangs on what is exported and does not stand in tables", c.Table, c.Column)
		}
	}
}

func TestNoSecretIsExported(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, x := range tables {
		if x.Private != "" {
			continue
		}
		columns := ask[column](t, db, `SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, x.Name)
		if len(columns) == 0 {
			t.Errorf("%s is not there", x.Name)
		}
		for _, c := range columns {
			secret := c.Column == "bytea"
			for _, word := range []string{"hash", "secret", "token", "password", "sealed"} {
				secret = secret || strings.Contains(c.Table, word) && !strings.HasPrefix(c.Column, "timestamp") // a moment gives nothing away
			}
			if secret && !slices.Contains(x.Omit, c.Table) {
				t.Errorf("%s.%s would be exported", x.Name, c.Table)
			}
		}
		for _, o := range x.Omit {
			if !slices.ContainsFunc(columns, func(c column) bool { return c.Table == o }) {
				t.Errorf("%s has no %s to omit", x.Name, o)
			}
		}
	}
}

func TestEveryHoldingThatIsToldIsKept(t *testing.T) {
	t.Parallel()
	for _, h := range privacy.Holdings {
		if !slices.ContainsFunc(tables, func(x table) bool { return x.Holding == h.Key }) {
			t.Errorf("people are told of %s, and no table is of it", h.Key)
		}
	}
}
