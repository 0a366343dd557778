package vault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Column is one that holds sealed bytes. Names and the purpose's expression go
// into SQL as they are: they are written by programmers alone.
type Column struct {
	Table   string
	Key     string // the primary key, one column
	Sealed  string // bytea; NULL: nothing is sealed
	Purpose string // SQL over the row: "'totp:' || id"
}

func (c Column) String() string { return c.Table + "." + c.Sealed }

// Rotation is what was done.
type Rotation struct {
	DataKey   uint32         `json:"data_key"`  // what everything is sealed with now
	Rewrapped int            `json:"rewrapped"` // keys that an older secret wrapped
	Resealed  map[string]int `json:"resealed"`  // rows by column
	Damaged   []string       `json:"damaged"`   // rows that did not open, left as they are
	// OldSecrets says whether any key is still wrapped by a secret other than the first.
	OldSecrets bool `json:"old_secrets_needed"`
}

const (
	resealRound = 20_000 // keys of rows held in memory
	resealBatch = 200    // rows of a transaction
)

// Rotate makes a new data key, wraps every key under the first secret and
// seals the columns anew. Programs may run meanwhile: whoever has not yet seen
// the new key seals with the one before, which stays. A rotation that was
// stopped is gone on with by resume: it seals anew what is not under the
// newest data key and makes none. progress may be nil.
func (v *Vault) Rotate(ctx context.Context, columns []Column, resume bool, progress func(column string, rows int)) (r Rotation, err error) {
	conn, err := v.db.Pool().Acquire(ctx)
	if err != nil {
		return r, pg.Translate(err)
	}
	defer conn.Release()
	var alone bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, 1)`, keysLock).Scan(&alone); err != nil {
		return r, pg.Translate(err)
	}
	if !alone {
		return r, errors.New("another rotation is under way")
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, 1)`, keysLock)
	}()
	if r.Rewrapped, err = v.rewrap(ctx, !resume); err != nil {
		return r, err
	}
	if err := v.load(ctx, `kind = 'data' ORDER BY id DESC LIMIT 1`); err != nil {
		return r, err
	}
	v.mu.Lock()
	r.DataKey = v.current
	v.mu.Unlock()
	if err := v.resealAll(ctx, columns, &r, progress); err != nil {
		return r, err
	}
	err = v.db.Pool().QueryRow(ctx, `SELECT EXISTS (SELECT FROM vault_keys WHERE wrapped_by <> $1)`, v.secrets[0].fingerprint).Scan(&r.OldSecrets)
	return r, pg.Translate(err)
}

// rewrap wraps all keys under the first secret and, when asked, adds a data key.
func (v *Vault) rewrap(ctx context.Context, fresh bool) (n int, err error) {
	first := v.secrets[0]
	err = v.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		n = 0
		rows, err := tx.Pgx().Query(ctx, `SELECT id, kind, wrapped, wrapped_by FROM vault_keys WHERE wrapped_by <> $1 ORDER BY id FOR UPDATE`, first.fingerprint)
		if err != nil {
			return pg.Translate(err)
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil {
			return pg.Translate(err)
		}
		for _, k := range list {
			key, err := v.unwrap(k)
			if err != nil {
				return err
			}
			if _, err := tx.Pgx().Exec(ctx, `UPDATE vault_keys SET wrapped = $2, wrapped_by = $3 WHERE id = $1`, k.ID, first.wrap(k.Kind, key), first.fingerprint); err != nil {
				return pg.Translate(err)
			}
			n++
		}
		if fresh {
			_, err = v.make(ctx, tx.Pgx(), kindData)
		}
		return err
	})
	return n, err
}

func (v *Vault) resealAll(ctx context.Context, columns []Column, r *Rotation, progress func(string, int)) error {
	r.Resealed = map[string]int{}
	for _, c := range columns {
		rs := resealer{v: v, column: c, id: r.DataKey}
		for {
			n, err := rs.round(ctx)
			if err != nil {
				return fmt.Errorf("seal %s anew: %w", c, err)
			}
			r.Resealed[c.String()] += n
			if progress != nil && n > 0 {
				progress(c.String(), r.Resealed[c.String()])
			}
			if n == 0 {
				break
			}
		}
		r.Damaged = append(r.Damaged, rs.damaged...)
	}
	return nil
}

// resealer seals one column under the data key id.
type resealer struct {
	v       *Vault
	column  Column
	id      uint32
	keyType string
	skip    []string // keys of rows that do not open
	damaged []string
}

// round seals up to resealRound rows anew and says how many.
func (rs *resealer) round(ctx context.Context) (done int, err error) {
	c := rs.column
	if rs.keyType == "" {
		err := rs.v.db.Pool().QueryRow(ctx, `SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = $2`, c.Table, c.Key).Scan(&rs.keyType)
		if err != nil {
			return 0, pg.Translate(err)
		}
	}
	rows, err := rs.v.db.Pool().Query(ctx, fmt.Sprintf(`SELECT %s::text FROM %s WHERE substring(%s FROM 2 FOR 4) <> $1 AND %s::text <> ALL ($2) LIMIT $3`, c.Key, c.Table, c.Sealed, c.Key),
		binary.BigEndian.AppendUint32(nil, rs.id), append([]string{}, rs.skip...), resealRound)
	if err != nil {
		return 0, pg.Translate(err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, pg.Translate(err)
	}
	for some := range slices.Chunk(keys, resealBatch) {
		n, err := rs.batch(ctx, some)
		if err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}

// batch seals some rows anew in one transaction; their locks keep a program
// from changing what is sealed in between.
func (rs *resealer) batch(ctx context.Context, keys []string) (n int, err error) {
	c, bad := rs.column, []string(nil)
	err = rs.v.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		n, bad = 0, nil
		list, err := rs.lock(ctx, tx, keys)
		if err != nil {
			return err
		}
		var b pgx.Batch
		for _, s := range list {
			plain, err := rs.v.Open(ctx, s.Purpose, s.Sealed)
			if errors.Is(err, ErrSealed) {
				bad = append(bad, s.Key)
				continue
			}
			if err != nil {
				return err
			}
			b.Queue(fmt.Sprintf(`UPDATE %s SET %s = $2 WHERE %s = $1::text::%s`, c.Table, c.Sealed, c.Key, rs.keyType), s.Key, seal(rs.id, rs.v.cached(rs.id), s.Purpose, plain))
			n++
		}
		return pg.Translate(tx.Pgx().SendBatch(ctx, &b).Close())
	})
	for _, key := range bad {
		rs.skip, rs.damaged = append(rs.skip, key), append(rs.damaged, c.String()+" "+key)
	}
	return n, err
}

type sealedRow struct {
	Key, Purpose string
	Sealed       []byte
}

func (rs *resealer) lock(ctx context.Context, tx *pg.Tx, keys []string) ([]sealedRow, error) {
	c := rs.column
	rows, err := tx.Pgx().Query(ctx, fmt.Sprintf(`SELECT %s::text, %s, %s FROM %s WHERE %s = ANY ($1::text[]::%s[]) AND substring(%s FROM 2 FOR 4) <> $2 ORDER BY %s FOR UPDATE`,
		c.Key, c.Purpose, c.Sealed, c.Table, c.Key, rs.keyType, c.Sealed, c.Key), keys, binary.BigEndian.AppendUint32(nil, rs.id))
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealedRow])
	return list, pg.Translate(err)
}
