package catalogdb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Columns of a card; cardScan says where they go.
const cardColumns = `
	c.id, c.number, v.subject, v.field_id, f.parent_id, coalesce(f.name_zh, ''), coalesce(f.name_en, ''), v.title_zh, v.title_en, v.summary_zh, v.summary_en,
	o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, v.language, v.caption_languages, v.hours::float8, v.duration_s, v.has_video, v.has_document,
	v.published_at, v.id, v.number`

const cardFrom = `
	FROM course_versions v JOIN courses c ON c.id = v.course_id JOIN organisations o ON o.id = c.org_id LEFT JOIN fields f ON f.id = v.field_id`

// cardScan lists where the columns of a card go, for scans that read more beside them.
func cardScan(c *catalog.Card, field *fieldScan) []any {
	return []any{&c.ID, &c.Number, &c.Subject, &field.id, &field.parent, &field.name.Zh, &field.name.En, &c.Title.Zh, &c.Title.En, &c.Summary.Zh, &c.Summary.En,
		&c.Provider.ID, &c.Provider.Kind, &c.Provider.Level, &c.Provider.NameZh, &c.Provider.NameEn, &c.Language, &c.Captions, &c.Hours, &c.DurationS, &c.HasVideo, &c.HasDocument,
		&c.PublishedAt, &c.VersionID, &c.Version}
}

type fieldScan struct {
	id, parent *string
	name       catalog.Text
}

func (f fieldScan) field() *catalog.Field {
	if f.id == nil {
		return nil
	}
	out := &catalog.Field{ID: *f.id, ParentID: f.parent, Root: *f.id, Name: f.name}
	if f.parent != nil {
		out.Root = *f.parent
	}
	return out
}

// Page is a published course's page; person may be uuid.Nil.
func (s *Store) Page(ctx context.Context, course, person uuid.UUID) (catalog.Page, error) {
	var p catalog.Page
	var field fieldScan
	var outcomes []byte
	// Learners of every version: the number is the course's.
	err := s.db.Pool().QueryRow(ctx, `
		SELECT `+cardColumns+`, v.description_zh, v.description_en, v.outcomes,
		       (SELECT count(DISTINCT e.person_id) FROM enrolments e WHERE e.course_id = c.id),
		       (SELECT e.id FROM enrolments e WHERE e.course_id = c.id AND e.person_id = $2 ORDER BY e.version_id = v.id DESC, e.enrolled_at DESC LIMIT 1)`+
		cardFrom+` WHERE c.id = $1 AND v.id = c.published_version_id`, course, person).
		Scan(append(cardScan(&p.Card, &field), &p.Description.Zh, &p.Description.En, &outcomes, &p.Learners, &p.EnrolmentID)...)
	if err != nil {
		return p, fmt.Errorf("course %s: %w", course, pg.Translate(err))
	}
	p.Field = field.field()
	if err := json.Unmarshal(outcomes, &p.Outcomes); err != nil {
		return p, fmt.Errorf("outcomes of %s: %w", course, err)
	}
	p.Chapters, err = outline(ctx, s.db.Pool(), p.VersionID)
	return p, err
}

// Cards are the cards of course versions, by version, for lists of other domains.
func (s *Store) Cards(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]catalog.Card, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT `+cardColumns+cardFrom+` WHERE v.id = ANY ($1) AND v.published_at IS NOT NULL`, versions)
	if err != nil {
		return nil, fmt.Errorf("cards: %w", pg.Translate(err))
	}
	defer rows.Close()
	out := map[uuid.UUID]catalog.Card{}
	for rows.Next() {
		var c catalog.Card
		var field fieldScan
		if err := rows.Scan(cardScan(&c, &field)...); err != nil {
			return nil, fmt.Errorf("cards: %w", pg.Translate(err))
		}
		c.Field = field.field()
		out[c.VersionID] = c
	}
	return out, pg.Translate(rows.Err())
}

// Outline is a version's chapters and lessons as learners see them.
func (s *Store) Outline(ctx context.Context, version uuid.UUID) ([]catalog.Chapter, error) {
	return outline(ctx, s.db.Pool(), version)
}

// Fields is the whole tree of fields, parents before children.
func (s *Store) Fields(ctx context.Context) ([]catalog.Field, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT id, parent_id, coalesce(parent_id, id), name_zh, name_en FROM fields ORDER BY parent_id NULLS FIRST, position`)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f catalog.Field, err error) {
		return f, row.Scan(&f.ID, &f.ParentID, &f.Root, &f.Name.Zh, &f.Name.En)
	})
	return list, pg.Translate(err)
}
