package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

var older, newer = bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)

var column = vault.Column{Table: "boxes", Key: "id", Sealed: "sealed", Purpose: "'box:' || id"}

func database(t *testing.T) *pg.DB {
	t.Helper()
	db := pgtest.New(t)
	if _, err := db.Pool().Exec(t.Context(), `CREATE TABLE boxes (id uuid PRIMARY KEY, sealed bytea)`); err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t *testing.T, db *pg.DB, secrets ...[]byte) *vault.Vault {
	t.Helper()
	v, err := vault.Open(t.Context(), db, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sealed(t *testing.T, v *vault.Vault, purpose, plain string) []byte {
	t.Helper()
	b, err := v.Seal(t.Context(), purpose, []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, db *pg.DB, v *vault.Vault, plain string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	if _, err := db.Pool().Exec(t.Context(), `INSERT INTO boxes VALUES ($1, $2)`, id, sealed(t, v, "box:"+id.String(), plain)); err != nil {
		t.Fatal(err)
	}
	return id
}

func get(t *testing.T, db *pg.DB, v *vault.Vault, id uuid.UUID) string {
	t.Helper()
	var b []byte
	if err := db.Pool().QueryRow(t.Context(), `SELECT sealed FROM boxes WHERE id = $1`, id).Scan(&b); err != nil {
		t.Fatal(err)
	}
	plain, err := v.Open(t.Context(), "box:"+id.String(), b)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return string(plain)
}

func TestWhatIsSealedOpensForItsPurposeAloneAndUnchanged(t *testing.T) {
	t.Parallel()
	v := open(t, database(t), older)
	rapid.Check(t, func(r *rapid.T) {
		plain, purpose := rapid.SliceOf(rapid.Byte()).Draw(r, "plain"), rapid.String().Draw(r, "purpose")
		b, err := v.Seal(t.Context(), purpose, plain)
		if err != nil {
			r.Fatal(err)
		}
		if got, err := v.Open(t.Context(), purpose, b); err != nil || !bytes.Equal(got, plain) {
			r.Fatalf("opened %q, %v", got, err)
		}
		if _, err := v.Open(t.Context(), purpose+"x", b); !errors.Is(err, vault.ErrSealed) {
			r.Fatalf("for another purpose: %v", err)
		}
		at := rapid.IntRange(0, len(b)-1).Draw(r, "at")
		b[at] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := v.Open(t.Context(), purpose, b); !errors.Is(err, vault.ErrSealed) {
			r.Fatalf("changed at %d: %v", at, err)
		}
		if _, err := v.Open(t.Context(), purpose, b[:at]); !errors.Is(err, vault.ErrSealed) {
			r.Fatalf("cut at %d: %v", at, err)
		}
	})
}

func TestTheSameIsNeverSealedAlikeAndNothingIsReadable(t *testing.T) {
	t.Parallel()
	db := database(t)
	v := open(t, db, older)
	a, b := sealed(t, v, "x", "11010519491231002X"), sealed(t, v, "x", "11010519491231002X")
	if bytes.Equal(a, b) || bytes.Contains(a, []byte("110105")) {
		t.Errorf("%x and %x", a, b)
	}
	if _, err := v.Seal(t.Context(), "x", make([]byte, 1<<20+1)); err == nil {
		t.Error("more than a mebibyte is sealed")
	}
}

func TestAHashIsOfItsPurposeAndStaysOverRotations(t *testing.T) {
	t.Parallel()
	db := database(t)
	hash := func(v *vault.Vault, purpose, value string) string {
		h, err := v.Hash(t.Context(), purpose, []byte(value))
		if err != nil || len(h) != 32 {
			t.Fatalf("%x, %v", h, err)
		}
		return string(h)
	}
	before := open(t, db, older)
	h := hash(before, "number", "1")
	if hash(before, "number", "2") == h || hash(before, "other", "1") == h {
		t.Error("different things have one hash")
	}
	after := open(t, db, newer, older)
	if _, err := after.Rotate(t.Context(), nil, false, nil); err != nil {
		t.Fatal(err)
	}
	if hash(open(t, db, newer), "number", "1") != h {
		t.Error("the hash did not survive")
	}
	if hash(open(t, database(t), older), "number", "1") == h {
		t.Error("another database makes the same hash of the same secret")
	}
}

func TestAfterARotationTheOldSecretCanGo(t *testing.T) {
	t.Parallel()
	db := database(t)
	before := open(t, db, older)
	ids := map[uuid.UUID]string{}
	for i := range 450 {
		text := fmt.Sprint("text ", i)
		ids[put(t, db, before, text)] = text
	}
	if _, err := vault.Open(t.Context(), db, newer); err == nil {
		t.Fatal("the new secret alone opens the vault before a rotation")
	}
	running := open(t, db, newer, older)
	r, err := open(t, db, newer, older).Rotate(t.Context(), []vault.Column{column}, false, nil)
	if err != nil || r.Resealed["boxes.sealed"] != 450 || r.Rewrapped != 2 || r.OldSecrets || len(r.Damaged) != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := vault.Open(t.Context(), db, older); err == nil {
		t.Error("the old secret still opens the vault")
	}
	alone := open(t, db, newer)
	for id, text := range ids {
		if got := get(t, db, alone, id); got != text {
			t.Errorf("%s says %q, want %q", id, got, text)
		}
		if got := get(t, db, running, id); got != text { // a program that has run all the while
			t.Errorf("%s says %q to a program that ran, want %q", id, got, text)
		}
	}
}

func TestARotationThatWasStoppedIsGoneOnWith(t *testing.T) {
	t.Parallel()
	db := database(t)
	v := open(t, db, older)
	for i := range 500 {
		put(t, db, v, fmt.Sprint(i))
	}
	// The database refuses the 300th row, so the rotation is stopped amid.
	if _, err := db.Pool().Exec(t.Context(), `CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF (SELECT count(*) FROM boxes WHERE substring(sealed FROM 2 FOR 4) = substring(NEW.sealed FROM 2 FOR 4)) >= 300 THEN RAISE EXCEPTION 'stop'; END IF; RETURN NEW; END $$;
		CREATE TRIGGER stop BEFORE UPDATE ON boxes FOR EACH ROW EXECUTE FUNCTION stop()`); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Rotate(t.Context(), []vault.Column{column}, false, nil); err == nil || !strings.Contains(err.Error(), "boxes.sealed") {
		t.Fatalf("it was not stopped: %v", err)
	}
	if _, err := db.Pool().Exec(t.Context(), `DROP TRIGGER stop ON boxes`); err != nil {
		t.Fatal(err)
	}
	r, err := v.Rotate(t.Context(), []vault.Column{column}, true, nil)
	if n := r.Resealed["boxes.sealed"]; err != nil || n <= 0 || n >= 500 {
		t.Fatalf("%+v, %v", r, err)
	}
	if again, err := v.Rotate(t.Context(), []vault.Column{column}, true, nil); err != nil || again.Resealed["boxes.sealed"] != 0 || again.DataKey != r.DataKey {
		t.Errorf("once more: %+v, %v", again, err)
	}
}

func TestARotationNamesWhatIsDamagedAndSealsTheRest(t *testing.T) {
	t.Parallel()
	db := database(t)
	v := open(t, db, older)
	good, bad := put(t, db, v, "good"), put(t, db, v, "bad")
	if _, err := db.Pool().Exec(t.Context(), `UPDATE boxes SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE id = $1`, bad); err != nil {
		t.Fatal(err)
	}
	r, err := v.Rotate(t.Context(), []vault.Column{column}, false, nil)
	if err != nil || r.Resealed["boxes.sealed"] != 1 || len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0], bad.String()) {
		t.Errorf("%+v, %v", r, err)
	}
	if get(t, db, v, good) != "good" {
		t.Error("the good one is lost")
	}
}

func TestProgramsGoOnWhileKeysAreRotated(t *testing.T) {
	t.Parallel()
	db := database(t)
	programs := []*vault.Vault{open(t, db, newer, older), open(t, db, newer, older)}
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for n, v := range programs {
		work.Go(func() {
			for i := 0; ctx.Err() == nil && i < 300; i++ {
				text := fmt.Sprint(n, " ", i)
				if got := get(t, db, programs[1-n], put(t, db, v, text)); got != text {
					t.Errorf("%q became %q", text, got)
				}
			}
		})
	}
	keeper := open(t, db, newer, older)
	for range 3 {
		if _, err := keeper.Rotate(t.Context(), []vault.Column{column}, false, nil); err != nil {
			t.Error(err)
		}
	}
	work.Wait()
	stop()
	if _, err := keeper.Rotate(t.Context(), []vault.Column{column}, true, nil); err != nil {
		t.Fatal(err)
	}
	var keys int
	if err := db.Pool().QueryRow(t.Context(), `SELECT count(DISTINCT substring(sealed FROM 2 FOR 4)) FROM boxes`).Scan(&keys); err != nil || keys != 1 {
		t.Errorf("%d data keys are in use at the end, %v", keys, err)
	}
}

func TestSecretsAreLongEnough(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][][]byte{{}, {[]byte("short")}} {
		if _, err := vault.Open(t.Context(), nil, secrets...); err == nil {
			t.Errorf("%v opens a vault", secrets)
		}
	}
}
