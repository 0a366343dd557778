package app

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

func TestEverySealedColumnIsSealedAnewByARotation(t *testing.T) {
	t.Parallel()
	rows, err := pgtest.New(t).Pool().Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name ~ '(^|_)sealed$'`)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, c := range sealedColumns {
		listed = append(listed, vault.Column.String(c))
	}
	for _, c := range found {
		if !slices.Contains(listed, c) {
			t.Errorf("%s is not in sealedColumns", c)
		}
	}
	for _, c := range listed {
		if !slices.Contains(found, c) {
			t.Errorf("sealedColumns names %s, which does not exist", c)
		}
	}
}
