package faults

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// beatID names a beat.
type beatID struct {
	session uuid.UUID
	seq     int64
}

// claim is a beat that was sent.
type claim struct {
	beatID
	person, enrolment uuid.UUID
	span              client.Span // empty: nothing was played
	reply             string      // to a presence check: its id
	epoch             int         // how many blows had been undone when it was sent first
}

// told is a beat that was acknowledged, with what the answer said.
type told struct {
	claim
	client.Answer
	at time.Time // when the answer had come
}

// journal is the recorder outside: what people claimed, and what they were
// told. It knows nothing of what is behind the servers.
type journal struct {
	mu      sync.Mutex
	claims  map[beatID]claim
	told    []told
	epoch   int
	since   int64 // acknowledged of what was sent in this epoch
	changed chan struct{}
	// Enrolments whose lesson was said to be complete.
	completed map[uuid.UUID]bool
	breaches  []Breach
	blow      string // the last one
	counts    Counts
}

// Counts are what people did.
type Counts struct {
	People      int `json:"people"`
	Sessions    int `json:"sessions"`
	TakenOver   int `json:"taken_over"`
	Reopened    int `json:"reopened"`
	Redelivered int `json:"redelivered"` // beats whose parts were fetched once more
	Checks      int `json:"checks"`      // of presence, answered
}

// Breach is one broken promise.
type Breach struct {
	Promise string `json:"promise"`
	What    string `json:"what"`
	After   string `json:"after"` // the blow before it was noticed
}

func newJournal() *journal {
	return &journal{claims: map[beatID]claim{}, completed: map[uuid.UUID]bool{}, changed: make(chan struct{}, 1)}
}

func (j *journal) count(what func(*Counts)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	what(&j.counts)
}

// claim notes a beat before it is sent.
func (j *journal) claim(c claim) claim {
	j.mu.Lock()
	defer j.mu.Unlock()
	c.epoch = j.epoch
	j.claims[c.beatID] = c
	return c
}

// acknowledge notes an answer.
func (j *journal) acknowledge(c claim, a client.Answer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.told = append(j.told, told{c, a, time.Now()})
	if a.Completed {
		j.completed[c.enrolment] = true
	}
	if c.epoch == j.epoch {
		j.since++
	}
	j.wake()
}

func (j *journal) wake() {
	select {
	case j.changed <- struct{}{}:
	default:
	}
}

// breach notes a broken promise.
func (j *journal) breach(promise, format string, a ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.breaches = append(j.breaches, Breach{promise, fmt.Sprintf(format, a...), j.blow})
	j.wake()
}

// next begins an epoch: a blow was undone.
func (j *journal) next() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.epoch++
	j.since = 0
}

func (j *journal) struck(blow string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.blow = blow
}

// broken is how many promises were broken so far.
func (j *journal) broken() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.breaches)
}

// progress waits until so many beats that were sent in this epoch are acknowledged.
func (j *journal) progress(ctx context.Context, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		j.mu.Lock()
		got, broken := j.since, len(j.breaches) > 0
		j.mu.Unlock()
		if got >= n || broken { // what is broken is reported, not waited for
			return nil
		}
		select {
		case <-j.changed:
		case <-ctx.Done():
			return fmt.Errorf("%d beats were acknowledged within %s, not %d", got, patience, n)
		}
	}
}

// upTo is what was told so far, from the n-th on.
func (j *journal) upTo(n int) []told {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.told[n:len(j.told):len(j.told)]
}
