package registrydb

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Report is what a check of the whole ledger found.
type Report struct {
	Entries int64
	Root    tlog.Hash
}

// Verify recomputes the whole ledger from its first entry: every index in its
// place, every record the canonical text of its row, every stored hash the one
// that follows from the records. The error names the first that is not.
func (s *Store) Verify(ctx context.Context) (r Report, err error) {
	// One snapshot for entries and hashes: what is appended meanwhile is in neither.
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.db.Pool(), snapshot, func(tx pgx.Tx) (err error) {
		r, err = verify(ctx, tx)
		return err
	})
	return r, pg.Translate(err)
}

func verify(ctx context.Context, q pg.Querier) (r Report, err error) {
	tree := &memory{}
	rows, err := q.Query(ctx, `SELECT e.record, `+entryColumns+entryFrom+` ORDER BY e.index`)
	if err != nil {
		return r, pg.Translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := tree.next(rows, r.Entries); err != nil {
			return r, err
		}
		r.Entries++
	}
	if err := rows.Err(); err != nil {
		return r, pg.Translate(err)
	}
	if err := compare(ctx, q, tree.hashes); err != nil {
		return r, err
	}
	r.Root, err = tlog.TreeHash(r.Entries, tree)
	return r, err
}

// memory is the tree as it follows from the records.
type memory struct{ hashes []tlog.Hash }

// ReadHashes serves tlog.
func (m *memory) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, p := range at {
		out[i] = m.hashes[p]
	}
	return out, nil
}

func (m *memory) next(row pgx.Rows, index int64) error {
	var record []byte
	e, err := scanEntry(withRecord{row, &record})
	if err != nil {
		return pg.Translate(err)
	}
	if e.Index != index {
		return fmt.Errorf("entry %d is missing: the next one is %d", index, e.Index)
	}
	if !bytes.Equal(record, e.Record()) {
		return fmt.Errorf("entry %d does not say what its record says", index)
	}
	hashes, err := tlog.StoredHashes(index, record, m)
	if err != nil {
		return fmt.Errorf("entry %d: %w", index, err)
	}
	m.hashes = append(m.hashes, hashes...)
	return nil
}

// withRecord scans the record before the columns of an entry.
type withRecord struct {
	pgx.Rows
	record *[]byte
}

func (w withRecord) Scan(into ...any) error {
	return w.Rows.Scan(append([]any{w.record}, into...)...)
}

func compare(ctx context.Context, q pg.Querier, want []tlog.Hash) error {
	rows, err := q.Query(ctx, `SELECT position, hash FROM ledger_hashes ORDER BY position`)
	if err != nil {
		return pg.Translate(err)
	}
	n := int64(0)
	var at int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&at, &hash}, func() error {
		if at != n || n >= int64(len(want)) || tlog.Hash(hash) != want[n] {
			return fmt.Errorf("hash %d of the tree does not follow from the entries", n)
		}
		n++
		return nil
	})
	if err == nil && n != int64(len(want)) {
		err = fmt.Errorf("the tree has %d hashes and should have %d", n, len(want))
	}
	return err
}
