package catalog

import "github.com/google/uuid"

// DraftFilter chooses what one may author, last changed first.
type DraftFilter struct {
	Orgs   []uuid.UUID
	State  string // "" or all: every state
	Limit  int
	Cursor string
}

// ReviewFilter chooses an officer's queue.
type ReviewFilter struct {
	Depts   []uuid.UUID
	State   string // submitted, published, returned
	Subject string
	Limit   int
	Cursor  string
}

// Decision is an officer's decision on a submission.
type Decision struct {
	Version uuid.UUID
	By      uuid.UUID
	Depts   []uuid.UUID // the departments the officer decides for
	Approve bool
	Hours   float64
	Reason  string
}
