package catalogdb

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// A cursor is the sort key of the last item of a page, opaque to clients.

type timeCursor struct {
	At time.Time
	ID uuid.UUID
}

func (c *timeCursor) at() *time.Time {
	if c == nil {
		return nil
	}
	return &c.At
}

func (c *timeCursor) id() *uuid.UUID {
	if c == nil {
		return nil
	}
	return &c.ID
}

func writeCursor(c any) *string {
	data, err := json.Marshal(c)
	if err != nil {
		return nil
	}
	text := base64.RawURLEncoding.EncodeToString(data)
	return &text
}

func readCursor[T any](text string) (*T, error) {
	if text == "" {
		return nil, nil
	}
	var c T
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
	}
	return &c, nil
}
