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

// written is the outline with everything its authors wrote.
func written(ctx context.Context, q pg.Querier, version uuid.UUID) ([]catalog.Chapter, error) {
	chapters, err := outline(ctx, q, version)
	if err != nil {
		return nil, err
	}
	questions, err := questionsOf(ctx, q, version)
	if err != nil {
		return nil, err
	}
	for i := range chapters {
		for j := range chapters[i].Lessons {
			l := &chapters[i].Lessons[j]
			l.Questions = questions[l.ID]
		}
	}
	return chapters, nil
}

// questionsOf are the lessons' own questions, by lesson.
func questionsOf(ctx context.Context, q pg.Querier, version uuid.UUID) (map[uuid.UUID][]catalog.Question, error) {
	rows, err := q.Query(ctx, `
		SELECT x.lesson_id, x.at_ms, x.page, x.multiple, x.prompt, ARRAY(SELECT jsonb_array_elements_text(x.choices)), x.right_mask
		FROM lesson_questions x JOIN lessons l ON l.id = x.lesson_id WHERE l.version_id = $1 ORDER BY x.lesson_id, x.position`, version)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out := map[uuid.UUID][]catalog.Question{}
	var lesson uuid.UUID
	var x catalog.Question
	var choices []string
	var right int
	_, err = pgx.ForEachRow(rows, []any{&lesson, &x.AtMS, &x.Page, &x.Multiple, &x.Prompt, &choices, &right}, func() error {
		x.Choices = make([]catalog.Choice, len(choices))
		for i, text := range choices {
			x.Choices[i] = catalog.Choice{Text: text, Right: right>>i&1 == 1}
		}
		out[lesson] = append(out[lesson], x)
		return nil
	})
	return out, pg.Translate(err)
}

func queueQuestions(b *pgx.Batch, lesson uuid.UUID, questions []catalog.Question) error {
	for i, x := range questions {
		texts, right := make([]string, len(x.Choices)), 0
		for j, c := range x.Choices {
			texts[j] = c.Text
			if c.Right {
				right |= 1 << j
			}
		}
		choices, err := json.Marshal(texts)
		if err != nil {
			return fmt.Errorf("write choices: %w", err)
		}
		b.Queue(`INSERT INTO lesson_questions (lesson_id, position, at_ms, page, multiple, prompt, choices, right_mask) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			lesson, i, x.AtMS, x.Page, x.Multiple, x.Prompt, choices, right)
	}
	return nil
}
