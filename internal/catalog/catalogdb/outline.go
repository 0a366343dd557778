package catalogdb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/quiz"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// ReplaceOutline replaces chapters, lessons and quizzes. What has an id of
// this version keeps it; what has none is new; what is absent goes.
func (s *Store) ReplaceOutline(ctx context.Context, course uuid.UUID, revision int64, chapters []catalog.Chapter) error {
	err := s.edit(ctx, course, revision, func(ctx context.Context, tx pgx.Tx, v catalog.Version) error {
		before, err := outline(ctx, tx, v.VersionID)
		if err != nil {
			return err
		}
		if err := idsKnown(before, chapters); err != nil {
			return err
		}
		if err := assetsUsable(ctx, tx, v.Provider.ID, chapters); err != nil {
			return err
		}
		// Nobody studies a draft, so writing it anew loses nothing.
		if _, err := tx.Exec(ctx, `DELETE FROM chapters WHERE version_id = $1`, v.VersionID); err != nil {
			return pg.Translate(err)
		}
		return writeOutline(ctx, tx, v.VersionID, chapters)
	})
	if err != nil {
		return fmt.Errorf("replace outline of %s: %w", course, err)
	}
	return nil
}

// idsKnown refuses ids that are not of this version: they could be another course's.
func idsKnown(before, after []catalog.Chapter) error {
	known := map[uuid.UUID]bool{uuid.Nil: true}
	for _, c := range before {
		known[c.ID] = true
		for _, l := range c.Lessons {
			known[l.ID] = true
			if l.Quiz != nil {
				for _, q := range l.Quiz.Questions {
					known[q.ID] = true
				}
			}
		}
	}
	var bad fault.Fields
	check := func(at string, id uuid.UUID) {
		if !known[id] {
			bad.Add(at+".id", "is not of this course")
		}
	}
	for i, c := range after {
		at := fmt.Sprintf("body.chapters[%d]", i)
		check(at, c.ID)
		for j, l := range c.Lessons {
			at := fmt.Sprintf("%s.lessons[%d]", at, j)
			check(at, l.ID)
			if l.Quiz != nil {
				for k, q := range l.Quiz.Questions {
					check(fmt.Sprintf("%s.quiz.questions[%d]", at, k), q.ID)
				}
			}
		}
	}
	return bad.Err("the outline names what it does not have")
}

// assetsUsable: files belong to the course's own organisation and are of the lesson's kind.
func assetsUsable(ctx context.Context, tx pgx.Tx, provider uuid.UUID, chapters []catalog.Chapter) error {
	kinds := map[uuid.UUID]string{}
	var ids []uuid.UUID
	for _, c := range chapters {
		for _, l := range c.Lessons {
			if l.AssetID != nil {
				ids = append(ids, *l.AssetID)
			}
		}
	}
	rows, err := tx.Query(ctx, `SELECT id, kind FROM media_assets WHERE id = ANY ($1) AND org_id = $2`, ids, provider)
	if err != nil {
		return pg.Translate(err)
	}
	var id uuid.UUID
	var kind string
	if _, err := pgx.ForEachRow(rows, []any{&id, &kind}, func() error { kinds[id] = kind; return nil }); err != nil {
		return pg.Translate(err)
	}
	var bad fault.Fields
	for i, c := range chapters {
		for j, l := range c.Lessons {
			if l.AssetID != nil && kinds[*l.AssetID] != string(l.Kind) {
				bad.Add(fmt.Sprintf("body.chapters[%d].lessons[%d].asset_id", i, j), "is not a %s of this organisation", l.Kind)
			}
		}
	}
	return bad.Err("a file cannot be used here")
}

func idOr(id uuid.UUID) (uuid.UUID, error) {
	if id != uuid.Nil {
		return id, nil
	}
	return uuid.NewV7()
}

// writeOutline sends everything in one batch: one round trip however long the outline.
func writeOutline(ctx context.Context, tx pgx.Tx, version uuid.UUID, chapters []catalog.Chapter) error {
	var b pgx.Batch
	for i, c := range chapters {
		id, err := idOr(c.ID)
		if err != nil {
			return err
		}
		b.Queue(`INSERT INTO chapters (id, version_id, position, title_zh, title_en) VALUES ($1, $2, $3, $4, $5)`, id, version, i, c.Title.Zh, c.Title.En)
		for j, l := range c.Lessons {
			if err := queueLesson(&b, version, id, j, l); err != nil {
				return err
			}
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write outline: %w", pg.Translate(err))
	}
	return nil
}

func queueLesson(b *pgx.Batch, version, chapter uuid.UUID, position int, l catalog.Lesson) error {
	id, err := idOr(l.ID)
	if err != nil {
		return err
	}
	b.Queue(`INSERT INTO lessons (id, version_id, chapter_id, position, kind, title_zh, title_en, required, asset_id, body_zh, body_en, min_s, max_s)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, version, chapter, position, l.Kind, l.Title.Zh, l.Title.En, l.Required, l.AssetID, l.Body.Zh, l.Body.En, l.MinS, l.MaxS)
	if l.Quiz == nil {
		return queueQuestions(b, id, l.Questions)
	}
	return queueQuiz(b, id, *l.Quiz)
}

func queueQuiz(b *pgx.Batch, lesson uuid.UUID, q quiz.Quiz) error {
	id, err := idOr(q.ID)
	if err != nil {
		return err
	}
	b.Queue(`INSERT INTO quizzes (id, lesson_id, pass_mark, attempts_allowed, time_limit_s) VALUES ($1, $2, $3, $4, $5)`, id, lesson, q.PassMark, q.AttemptsAllowed, q.TimeLimitS)
	for i, x := range q.Questions {
		questionID, err := idOr(x.ID)
		if err != nil {
			return err
		}
		x.Name()
		choices, err := json.Marshal(x.Choices)
		if err != nil {
			return fmt.Errorf("write choices: %w", err)
		}
		b.Queue(`INSERT INTO questions (id, quiz_id, position, kind, stem_zh, stem_en, explanation_zh, explanation_en, points, choices)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			questionID, id, i, x.Kind, x.Stem.Zh, x.Stem.En, x.Explanation.Zh, x.Explanation.En, x.Points, choices)
	}
	return nil
}
