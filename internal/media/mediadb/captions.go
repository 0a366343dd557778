package mediadb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// PutCaptions sets the captions of one language.
func (s *Store) PutCaptions(ctx context.Context, asset uuid.UUID, language string, cues []media.Cue) error {
	text, err := json.Marshal(cues)
	if err != nil {
		return fmt.Errorf("write captions: %w", err)
	}
	_, err = s.db.Pool().Exec(ctx, `
		INSERT INTO media_captions (asset_id, language, cues, cue_count, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (asset_id, language) DO UPDATE SET cues = excluded.cues, cue_count = excluded.cue_count, updated_at = excluded.updated_at`,
		asset, language, text, len(cues), s.now().UTC())
	if err != nil {
		return fmt.Errorf("put captions of %s: %w", asset, pg.Translate(err))
	}
	return nil
}

// Captions are all tracks of an asset, by language.
func (s *Store) Captions(ctx context.Context, asset uuid.UUID) ([]media.Track, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT language, cues FROM media_captions WHERE asset_id = $1 ORDER BY language`, asset)
	if err != nil {
		return nil, fmt.Errorf("captions of %s: %w", asset, pg.Translate(err))
	}
	tracks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t media.Track, err error) {
		var text []byte
		if err := row.Scan(&t.Language, &text); err != nil {
			return t, err
		}
		return t, json.Unmarshal(text, &t.Cues)
	})
	if err != nil {
		return nil, fmt.Errorf("captions of %s: %w", asset, pg.Translate(err))
	}
	return tracks, nil
}
