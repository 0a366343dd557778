package httpapi

import (
	"time"

	"github.com/google/uuid"
)

// Text is one text in both languages of the product.
type Text struct {
	Zh string `json:"zh" doc:"Simplified Chinese"`
	En string `json:"en" doc:"English"`
}

// OrgRef names an organisation.
type OrgRef struct {
	ID    uuid.UUID `json:"id"`
	Kind  string    `json:"kind" enum:"personnel_department,industry_department,teaching_institution,employer,association"`
	Level string    `json:"level,omitempty" enum:"national,provincial,municipal,county" doc:"Of a personnel department"`
	Name  Text      `json:"name"`
}

// PersonRef names a person to somebody who may know the name.
type PersonRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// SpanS is a half-open interval of media seconds: [from, to).
type SpanS [2]int

// ListInput holds the two parameters every list takes.
type ListInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Items a page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before"`
}

// IDPath is the id in an operation's path.
type IDPath struct {
	ID uuid.UUID `path:"id"`
}

// Empty is an answer without a body.
type Empty struct{}

// Body wraps a JSON answer.
type Body[T any] struct{ Body T }

// Tagged wraps a JSON answer together with its entity tag.
type Tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// EditInput is embedded by operations on what two people may edit at once.
type EditInput struct {
	IfMatch string `header:"If-Match" required:"true" maxLength:"100" doc:"The ETag that was read; another one means somebody changed it since: 412"`
}

// Stamp is who did something and when.
type Stamp struct {
	By PersonRef `json:"by"`
	At time.Time `json:"at"`
}
