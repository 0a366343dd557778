package pg_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

func open(t *testing.T) *pg.DB {
	t.Helper()
	db := pgtest.New(t)
	if _, err := db.Pool().Exec(t.Context(), `CREATE TABLE jottings (id int PRIMARY KEY, text text NOT NULL CHECK (text <> ''))`); err != nil {
		t.Fatal(err)
	}
	return db
}

func count(t *testing.T, db *pg.DB) (n int) {
	t.Helper()
	if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM jottings`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneTransactionIsSpokenToByBothAndEndsForBoth(t *testing.T) {
	t.Parallel()
	db := open(t)
	both := func(fail error) error {
		return db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
			if _, err := tx.Pgx().Exec(ctx, `INSERT INTO jottings VALUES (1, 'by hand')`); err != nil {
				return err
			}
			var seen int64
			if err := tx.Gorm().Raw(`SELECT count(*) FROM jottings`).Scan(&seen).Error; err != nil {
				return err
			}
			if seen != 1 {
				t.Errorf("GORM sees %d rows of its own transaction, want 1", seen)
			}
			if err := tx.Gorm().Exec(`INSERT INTO jottings VALUES (2, 'by GORM')`).Error; err != nil {
				return err
			}
			return fail
		})
	}
	failed := errors.New("no")
	if err := both(failed); !errors.Is(err, failed) {
		t.Fatalf("InTx returned %v, want the error of its function", err)
	}
	if n := count(t, db); n != 0 {
		t.Fatalf("%d rows stayed after a rollback", n)
	}
	if err := both(nil); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 2 {
		t.Fatalf("%d rows after the commit, want 2", n)
	}
}

func TestAPanicLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	db := open(t)
	func() {
		defer func() { _ = recover() }()
		_ = db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
			_, _ = tx.Pgx().Exec(ctx, `INSERT INTO jottings VALUES (1, 'x')`)
			panic("in the middle")
		})
	}()
	if n := count(t, db); n != 0 {
		t.Fatalf("%d rows stayed after a panic", n)
	}
}

func TestTheFunctionCannotEndTheTransactionItself(t *testing.T) {
	t.Parallel()
	err := open(t).InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error { return tx.Pgx().Commit(ctx) })
	if err == nil {
		t.Fatal("a commit from within was accepted")
	}
}

func TestASerializationFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	tries := 0
	err := db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		tries++
		if tries < 3 {
			_, err := tx.Pgx().Exec(ctx, `DO $$ BEGIN RAISE EXCEPTION 'given up' USING ERRCODE = '40001'; END $$`)
			return err
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Fatalf("ended with %v after %d tries, want success at the third", err, tries)
	}
}

func TestWhatPostgreSQLRefusesGetsItsKind(t *testing.T) {
	t.Parallel()
	db := open(t)
	for _, tc := range []struct {
		name string
		sql  string
		want fault.Kind
	}{
		{"a second row under one key is a conflict", `INSERT INTO jottings VALUES (7, 'a'), (7, 'b')`, fault.Conflict},
		{"a value a check refuses is invalid", `INSERT INTO jottings VALUES (8, '')`, fault.Invalid},
		{"a missing value is invalid", `INSERT INTO jottings VALUES (9, NULL)`, fault.Invalid},
		{"a number that does not fit is invalid", `SELECT 1::int2 * 70000::int4::int2`, fault.Invalid},
		{"a server that shuts down is unavailable", `DO $$ BEGIN RAISE EXCEPTION 'bye' USING ERRCODE = '57P01'; END $$`, fault.Unavailable},
		{"a mistake in our SQL stays internal", `SELECT nothing FROM nowhere`, fault.Internal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := db.Pool().Exec(t.Context(), tc.sql)
			if got := fault.KindOf(pg.Translate(err)); got != tc.want {
				t.Errorf("%v became %s, want %s", err, got, tc.want)
			}
		})
	}
	var id int
	err := db.Pool().QueryRow(t.Context(), `SELECT id FROM jottings WHERE id = 0`).Scan(&id)
	if !errors.Is(pg.Translate(err), pgx.ErrNoRows) || fault.KindOf(pg.Translate(err)) != fault.NotFound {
		t.Errorf("no rows became %v", pg.Translate(err))
	}
}

func TestAnAddressThatIsWrongDoesNotRepeatThePassword(t *testing.T) {
	t.Parallel()
	_, err := pg.Open(t.Context(), pg.Options{URL: "postgres://u:s3cret@host:notaport/x"})
	if err == nil || len(err.Error()) == 0 || strings.Contains(err.Error(), "s3cret") {
		t.Fatalf("error %v", err)
	}
}

func TestAConnectionLostWithinATransactionIsUnavailableToBoth(t *testing.T) {
	t.Parallel()
	db := open(t)
	for name, speak := range map[string]func(context.Context, *pg.Tx) error{
		"by hand": func(ctx context.Context, tx *pg.Tx) error {
			_, err := tx.Pgx().Exec(ctx, `INSERT INTO jottings VALUES (1, 'late')`)
			return err
		},
		"by GORM": func(_ context.Context, tx *pg.Tx) error {
			return tx.Gorm().Exec(`INSERT INTO jottings VALUES (1, 'late')`).Error
		},
	} {
		err := db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
			if _, err := tx.Pgx().Exec(ctx, `SELECT pg_terminate_backend(pg_backend_pid())`); err == nil {
				t.Error("the connection outlived its end")
			}
			return pg.Translate(speak(ctx, tx))
		})
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v is %s", name, err, fault.KindOf(err))
		}
	}
}

func TestAServerThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := pg.Open(t.Context(), pg.Options{URL: "postgres://u:s3cret@127.0.0.1:1/x?sslmode=disable"})
	if fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), "s3cret") {
		t.Fatalf("error %v is %s", err, fault.KindOf(err))
	}
}
