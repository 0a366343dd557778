package identity

import "github.com/google/uuid"

// IdempotencyKey names one intended effect of one person.
type IdempotencyKey struct {
	Person    uuid.UUID
	Key       string
	Operation string
}

// FirstAnswer is what a request was answered the first time.
type FirstAnswer struct {
	Status  int
	Headers map[string]string
	Body    []byte
}
