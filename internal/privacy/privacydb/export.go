package privacydb

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/privacy"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

func keyOf(id uuid.UUID) string { return "exports/" + id.String() }

// Build puts an export together: a ZIP with a JSON file a table and a page to
// read, sealed in the store of files. Done once: again it changes nothing.
func (s *Store) Build(ctx context.Context, id uuid.UUID) error {
	var person uuid.UUID
	var locale string
	var people []uuid.UUID
	err := s.db.Pool().QueryRow(ctx, `
		SELECT e.person_id, p.locale, same_people(p.id) FROM data_exports e JOIN people p ON p.id = e.person_id
		WHERE e.id = $1 AND e.state = 'building' AND p.erased_at IS NULL`, id).Scan(&person, &locale, &people)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return pg.Translate(err)
	}
	file, err := os.CreateTemp("", "hourglass-export-*")
	if err != nil {
		return fmt.Errorf("build export %s: %w", id, err)
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	sealing := &sealer{ctx: ctx, box: s.o.Box, purpose: keyOf(id), to: file}
	if err := s.write(ctx, sealing, person, people, locale); err != nil {
		return fmt.Errorf("build export %s: %w", id, err)
	}
	if err := sealing.Close(); err != nil {
		return fmt.Errorf("build export %s: %w", id, err)
	}
	return s.publish(ctx, id, person, file, sealing.plain)
}

// publish stores the sealed file and tells the person.
func (s *Store) publish(ctx context.Context, id, person uuid.UUID, file *os.File, size int64) error {
	sealed, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.o.Objects.Put(ctx, keyOf(id), file, sealed, "application/octet-stream"); err != nil {
		return fmt.Errorf("store export %s: %w", id, err)
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		now := s.now()
		// stored whatever became of it meanwhile, so that the file is found and dropped.
		var ready bool
		err := tx.Pgx().QueryRow(ctx, `
			UPDATE data_exports SET stored = true, size_bytes = $2, ready_at = $3, expires_at = CASE state WHEN 'building' THEN $4 ELSE expires_at END,
			       state = CASE state WHEN 'building' THEN 'ready' ELSE state END
			WHERE id = $1 RETURNING state = 'ready'`, id, size, now, now.AddDate(0, 0, s.o.Terms.ExportDays)).Scan(&ready)
		if err != nil || !ready {
			return pg.Translate(err)
		}
		return s.o.Notifier.Send(ctx, tx, notify.Notice{Kind: notify.ExportReady, Person: person, Path: "/settings/privacy", Once: id.String()})
	})
}

// write writes the ZIP.
func (s *Store) write(ctx context.Context, to io.Writer, person uuid.UUID, people []uuid.UUID, locale string) error {
	z := zip.NewWriter(to)
	page := newPage(locale, s.now(), s.o.Terms)
	for _, name := range slices.Sorted(maps.Keys(s.o.Sealed)) {
		value, err := s.o.Sealed[name](ctx, person)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue
		}
		if err != nil {
			return err
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if err := entry(z, name, s.now(), func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return err
		}
		page.row("identity", name, text)
	}
	for _, t := range tables {
		if t.Private != "" {
			continue
		}
		if err := entry(z, t.Name, s.now(), func(w io.Writer) error { return s.rows(ctx, w, t, people, page) }); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "index.html", Method: zip.Deflate, Modified: s.now()})
	if err != nil {
		return err
	}
	if err := page.write(w); err != nil {
		return err
	}
	return z.Close()
}

func entry(z *zip.Writer, name string, at time.Time, fill func(io.Writer) error) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: "data/" + name + ".json", Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	return fill(w)
}

// rows writes a table's rows of the people as a JSON array, one a line.
func (s *Store) rows(ctx context.Context, w io.Writer, t table, people []uuid.UUID, page *page) error {
	where := t.Where
	if where == "" {
		where = t.By[0] + ` = ANY (@people)`
	}
	rows, err := s.db.Pool().Query(ctx, `SELECT (to_jsonb(t) - @omit::text[])::text FROM `+t.Name+` t WHERE `+where, pgx.NamedArgs{"people": people, "omit": append([]string{}, t.Omit...)})
	if err != nil {
		return pg.Translate(err)
	}
	before := "[\n"
	var text string
	_, err = pgx.ForEachRow(rows, []any{&text}, func() error {
		page.row(t.Holding, t.Name, []byte(text))
		_, err := io.WriteString(w, before+text)
		before = ",\n"
		return err
	})
	if err != nil {
		return pg.Translate(err)
	}
	if before == "[\n" {
		_, err = io.WriteString(w, "[]\n")
		return err
	}
	_, err = io.WriteString(w, "\n]\n")
	return err
}

// Fetch gives an export out, once: NotFound when it is not one's own, Gone
// when it was fetched before or its time is over. size is in bytes.
func (s *Store) Fetch(ctx context.Context, person, id uuid.UUID) (r io.ReadCloser, size int64, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var state privacy.ExportState
		var expires *time.Time
		err := tx.Pgx().QueryRow(ctx, `SELECT state, expires_at, size_bytes FROM data_exports WHERE id = $1 AND person_id = $2 FOR UPDATE`, id, person).Scan(&state, &expires, &size)
		switch {
		case err != nil:
			return pg.Translate(err)
		case state == privacy.Building:
			return fault.New(fault.NotFound, "this export is not ready yet")
		case state != privacy.Ready || !expires.After(s.now()):
			return fault.Coded(fault.Gone, "export-gone", "This export was fetched before, or its time is over. Please ask for another.")
		}
		// Before it is marked: a store that does not answer must not use it up.
		body, _, err := s.o.Objects.Get(ctx, keyOf(id), 0, -1)
		if err != nil {
			return fmt.Errorf("read export %s: %w", id, err)
		}
		r = &opener{ctx: context.WithoutCancel(ctx), box: s.o.Box, purpose: keyOf(id), from: body}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE data_exports SET state = 'fetched', fetched_at = $2 WHERE id = $1`, id, s.now()); err != nil {
			return pg.Translate(err)
		}
		return s.o.Trail(ctx, tx, s.now(), own(person, "data-export.fetch", "data_export", id, nil))
	})
	if err != nil && r != nil {
		_ = r.Close()
		r = nil
	}
	return r, size, err
}
