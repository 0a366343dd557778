// Package mediadb keeps assets and captions in PostgreSQL.
package mediadb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store reads and writes assets. Each method is one transaction.
type Store struct {
	db  *pg.DB
	now func() time.Time
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db, now}
}

// Inherit hands an organisation's assets to its successor.
func (s *Store) Inherit(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error {
	_, err := tx.Pgx().Exec(ctx, `UPDATE media_assets SET org_id = $2 WHERE org_id = $1`, from, to)
	return pg.Translate(err)
}

const selectAsset = `
	SELECT a.id, a.org_id, o.lineage, a.kind, a.filename, a.size_bytes, a.parts, a.state, a.progress, a.failure_code, a.failure,
	       a.duration_ms, a.width, a.height, a.pages, a.manifest, a.created_by, a.created_at,
	       (SELECT coalesce(json_agg(json_build_object('Language', c.language, 'Cues', c.cue_count) ORDER BY c.language), '[]')
	        FROM media_captions c WHERE c.asset_id = a.id)
	FROM media_assets a JOIN organisations o ON o.id = a.org_id`

func scanAsset(row pgx.Row) (media.Asset, error) {
	var a media.Asset
	var manifest, captions []byte
	var parts []int32
	err := row.Scan(&a.ID, &a.OrgID, &a.OrgLineage, &a.Kind, &a.Filename, &a.SizeBytes, &parts, &a.State, &a.Progress, &a.FailureCode, &a.Failure,
		&a.DurationMS, &a.Width, &a.Height, &a.Pages, &manifest, &a.CreatedBy, &a.CreatedAt, &captions)
	if err != nil {
		return a, pg.Translate(err)
	}
	for _, n := range parts {
		a.Parts = append(a.Parts, int(n))
	}
	if err := json.Unmarshal(captions, &a.Captions); err != nil {
		return a, fmt.Errorf("captions of asset %s: %w", a.ID, err)
	}
	if manifest != nil {
		a.Manifest = &media.Manifest{AssetID: a.ID}
		if err := json.Unmarshal(manifest, a.Manifest); err != nil {
			return a, fmt.Errorf("manifest of asset %s: %w", a.ID, err)
		}
	}
	return a, nil
}

// Asset is one asset, whole.
func (s *Store) Asset(ctx context.Context, id uuid.UUID) (media.Asset, error) {
	a, err := scanAsset(s.db.Pool().QueryRow(ctx, selectAsset+` WHERE a.id = $1`, id))
	if err != nil {
		return a, fmt.Errorf("asset %s: %w", id, err)
	}
	return a, nil
}

// Manifest is how a packaged video is cut; NotFound while it is not ready.
func (s *Store) Manifest(ctx context.Context, id uuid.UUID) (media.Manifest, error) {
	m := media.Manifest{AssetID: id}
	var text []byte
	err := s.db.Pool().QueryRow(ctx, `SELECT manifest FROM media_assets WHERE id = $1 AND state = 'ready' AND kind = 'video'`, id).Scan(&text)
	if err != nil {
		return m, fmt.Errorf("manifest of asset %s: %w", id, pg.Translate(err))
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("manifest of asset %s: %w", id, err)
	}
	return m, nil
}

// Lineage is the organisation's place in the tree: itself and all ancestors.
func (s *Store) Lineage(ctx context.Context, org uuid.UUID) (lineage []uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT lineage FROM organisations WHERE id = $1`, org).Scan(&lineage)
	return lineage, pg.Translate(err)
}

// Create begins an upload.
func (s *Store) Create(ctx context.Context, a media.Asset) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO media_assets (id, org_id, kind, filename, size_bytes, part_size, state, created_by, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		a.ID, a.OrgID, a.Kind, a.Filename, a.SizeBytes, media.PartSize, a.State, a.CreatedBy, a.CreatedAt)
	if err != nil {
		return fmt.Errorf("create asset: %w", pg.Translate(err))
	}
	return nil
}

// MarkPart notes that a part has arrived; again is harmless.
func (s *Store) MarkPart(ctx context.Context, id uuid.UUID, n int) error {
	tag, err := s.db.Pool().Exec(ctx, `
		UPDATE media_assets SET parts = CASE WHEN $2 = ANY (parts) THEN parts ELSE (SELECT array_agg(p ORDER BY p) FROM unnest(parts || $2::int) p) END, updated_at = $3
		WHERE id = $1 AND state = 'uploading'`, id, n, s.now().UTC())
	if err != nil {
		return fmt.Errorf("mark part %d of %s: %w", n, id, pg.Translate(err))
	}
	if tag.RowsAffected() == 0 {
		return fault.Coded(fault.Conflict, "upload-complete", "This upload is complete already.")
	}
	return nil
}

// Filter chooses an organisation's assets, newest first.
type Filter struct {
	OrgID  uuid.UUID
	Kind   string
	State  string
	Limit  int
	Cursor *uuid.UUID // the last one of the page before
}

// List is one page of assets; more says that another follows.
func (s *Store) List(ctx context.Context, f Filter) (items []media.Asset, more bool, err error) {
	limit := min(max(f.Limit, 1), 100)
	// Ids are UUIDv7: their order is the order of creation.
	rows, err := s.db.Pool().Query(ctx, selectAsset+`
		WHERE a.org_id = $1 AND ($2 = '' OR a.kind = $2) AND ($3 = '' OR a.state = $3) AND ($4::uuid IS NULL OR a.id < $4)
		ORDER BY a.id DESC LIMIT $5`, f.OrgID, f.Kind, f.State, f.Cursor, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("list assets: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (media.Asset, error) { return scanAsset(row) })
	if err != nil {
		return nil, false, fmt.Errorf("list assets: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}

// AssetOfLesson is the asset of a lesson in a course version the person is
// enrolled in; NotFound otherwise.
func (s *Store) AssetOfLesson(ctx context.Context, person, lesson uuid.UUID) (asset uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `
		SELECT l.asset_id FROM lessons l JOIN enrolments e ON e.version_id = l.version_id AND e.person_id = $1
		WHERE l.id = $2 AND l.asset_id IS NOT NULL`, person, lesson).Scan(&asset)
	return asset, pg.Translate(err)
}
