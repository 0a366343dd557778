package engine

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// planOf is how a document is read.
func planOf(l studydb.Lesson) catalog.Plan {
	pages := l.Pages
	if l.AssetID == uuid.Nil {
		pages = catalog.TextPages(textOf(l, ""))
	}
	return catalog.ReadingPlan(pages, l.MinS, l.MaxS)
}

// Document is what a session reads: a PDF, or a text.
type Document struct {
	AssetID uuid.UUID
	Text    string
	// First: it was never sent to this session, and is noted as sent from now
	// on. So it must go whole.
	First bool
}

// Document is for a session of the person's own, in a document lesson. A text
// comes in the language asked for, if it is written in it.
func (e *Engine) Document(ctx context.Context, person, id uuid.UUID, language string) (d Document, err error) {
	s, err := e.ownSession(ctx, person, id)
	if err != nil {
		return d, err
	}
	if !s.Reading() {
		return d, fault.New(fault.NotFound, "there is nothing to read in this session")
	}
	d.AssetID = s.AssetID
	if s.AssetID == uuid.Nil {
		l, err := e.o.Evidence.Lesson(ctx, s.LessonID)
		if err != nil {
			return d, err
		}
		d.Text = textOf(l, language)
	}
	// To the budget of media it counts for next to nothing: reading has a pace of its own.
	d.First, err = e.pace(ctx, s, 0, 1)
	return d, err
}

// textOf is a lesson's text in a language, or in the one it is written in.
func textOf(l studydb.Lesson, language string) string {
	if language == "" {
		language = l.Language
	}
	text := catalog.Text{Zh: l.TextZH, En: l.TextEN}
	if catalog.ReadIn(text, language) == "en" {
		return text.En
	}
	return text.Zh
}
