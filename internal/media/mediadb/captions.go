package mediadb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

type caption struct {
	AssetID   uuid.UUID   `gorm:"column:asset_id;primaryKey"`
	Language  string      `gorm:"column:language;primaryKey"`
	Cues      []media.Cue `gorm:"column:cues;serializer:json"`
	CueCount  int         `gorm:"column:cue_count"`
	UpdatedAt time.Time   `gorm:"column:updated_at;autoUpdateTime:false"`
}

func (caption) TableName() string { return "media_captions" }

// PutCaptions sets the captions of one language.
func (s *Store) PutCaptions(ctx context.Context, asset uuid.UUID, language string, cues []media.Cue) error {
	row := caption{asset, language, cues, len(cues), s.now().UTC()}
	if err := s.db.Gorm(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("put captions of %s: %w", asset, pg.Translate(err))
	}
	return nil
}

// Captions are all tracks of an asset, by language.
func (s *Store) Captions(ctx context.Context, asset uuid.UUID) ([]media.Track, error) {
	var rows []caption
	if err := s.db.Gorm(ctx).Where("asset_id = ?", asset).Order("language").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("captions of %s: %w", asset, pg.Translate(err))
	}
	tracks := make([]media.Track, len(rows))
	for i, row := range rows {
		tracks[i] = media.Track{Language: row.Language, Cues: row.Cues}
	}
	return tracks, nil
}
