package studytest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Document is a lesson to be read: a PDF of so many pages, or a text.
type Document struct {
	Pages      int // 0: a text
	Text       string
	MinS, MaxS int // of the whole; see catalog.ReadingPlan
}

// PlantDocument adds a document lesson to the course. There is no file behind a PDF.
func (c Course) PlantDocument(ctx context.Context, db *pg.DB, d Document) (lesson uuid.UUID, err error) {
	lesson = newID()
	var asset *uuid.UUID
	if d.Pages > 0 {
		asset = new(newID())
		_, err = db.Pool().Exec(ctx, `
			INSERT INTO media_assets (id, org_id, kind, filename, size_bytes, part_size, state, pages, created_by, created_at, updated_at)
			SELECT $1, org_id, 'document', 'a.pdf', 1, 1, 'ready', $2, created_by, now(), now() FROM media_assets WHERE id = $3`, *asset, d.Pages, c.Asset)
		if err != nil {
			return lesson, fmt.Errorf("plant a PDF: %w", err)
		}
	}
	_, err = db.Pool().Exec(ctx, `
		INSERT INTO lessons (id, version_id, chapter_id, position, kind, asset_id, body_zh, min_s, max_s)
		SELECT $1, version_id, chapter_id, (SELECT max(position) + 1 FROM lessons x WHERE x.chapter_id = l.chapter_id), 'document', $2, $3, $4, $5
		FROM lessons l WHERE id = $6`, lesson, asset, d.Text, d.MinS, d.MaxS, c.Lesson)
	if err != nil {
		return lesson, fmt.Errorf("plant a document: %w", err)
	}
	return lesson, nil
}
