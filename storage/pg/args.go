package pg

import (
	"strings"

	"github.com/google/uuid"
)

// OrNull is an id as a column keeps it that may hold none.
func OrNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Like makes text match itself in a LIKE: a search for "100%" is not one for
// everything. What the database cannot keep as text is left out.
func Like(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(text))
}
