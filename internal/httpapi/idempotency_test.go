package httpapi_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// press is an authoring that counts the courses and versions it was asked to make.
type press struct {
	httpapi.Authoring
	mu     sync.Mutex
	made   int
	school uuid.UUID
	refuse error
	hold   chan struct{} // nil: it does not wait
	begun  chan struct{}
}

func (p *press) Organisation(context.Context, uuid.UUID) (org.Kind, []uuid.UUID, error) {
	return org.TeachingInstitution, []uuid.UUID{p.school}, nil
}

func (p *press) Create(context.Context, uuid.UUID, uuid.UUID, catalog.Fields) (uuid.UUID, error) {
	if p.hold != nil {
		close(p.begun)
		<-p.hold
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		return uuid.Nil, p.refuse
	}
	p.made++
	return uuid.New(), nil
}

func (p *press) NewVersion(context.Context, uuid.UUID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made++
	return nil
}

func (p *press) Latest(_ context.Context, id uuid.UUID) (catalog.Version, error) {
	return catalog.Version{CourseID: id, Revision: 3, State: catalog.Draft, Lineage: []uuid.UUID{p.school}}, nil
}

// writers are a press, the edge before it, and two people who write there.
type writers struct {
	press     *press
	one, two  *httptestkit.Client
	draft     string
	otherBody string
}

func newWriters(t *testing.T) writers {
	t.Helper()
	db := pgtest.New(t)
	w := writers{press: &press{school: uuid.New()}}
	kit := httptestkit.New(t, httpapi.Services{Authoring: w.press, Idempotency: identitydb.New(db)})
	sign := func() *httptestkit.Client {
		a := &identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: w.press.school, Role: identity.Instructor}}}
		if _, err := db.Pool().Exec(t.Context(), `INSERT INTO people (id, name, created_at) VALUES ($1, '教师', now())`, a.PersonID); err != nil {
			t.Fatal(err)
		}
		return kit.As(a)
	}
	w.one, w.two = sign(), sign()
	body := `{"org_id":"%s","subject":"professional","title":{"zh":"%s","en":""}}`
	w.draft, w.otherBody = fmt.Sprintf(body, w.press.school, "一课"), fmt.Sprintf(body, w.press.school, "二课")
	return w
}

func under(c *httptestkit.Client, key string) *httptestkit.Client {
	return c.With("Idempotency-Key", key)
}

func (w writers) wantMade(t *testing.T, n int) {
	t.Helper()
	w.press.mu.Lock()
	defer w.press.mu.Unlock()
	if w.press.made != n {
		t.Errorf("%d were made, want %d", w.press.made, n)
	}
}

func TestTheSameRequestUnderOneKeyHappensOnceAndIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	c := under(w.one, "k-1")
	first := c.Post("/authoring/courses", w.draft).OK(201)
	again := c.Post("/authoring/courses", w.draft).OK(201)
	w.wantMade(t, 1)
	if string(again.Body) != string(first.Body) || again.Header.Get("ETag") != first.Header.Get("ETag") || first.Header.Get("ETag") == "" ||
		again.Header.Get("Content-Type") != first.Header.Get("Content-Type") {
		t.Errorf("first %v %s, then %v %s", first.Header, first.Body, again.Header, again.Body)
	}
	if first.Header.Get("Idempotent-Replayed") != "" || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Error("a replay does not say so, or the first answer says it is one")
	}
}

func TestAKeyHoldsForOnePersonAndOneRequest(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	c := under(w.one, "k-1")
	c.Post("/authoring/courses", w.draft).OK(201)
	p := c.Post("/authoring/courses", w.otherBody).Problem(422, "idempotency-key-reused")
	if len(p.Errors) != 1 || p.Errors[0].Location != "header.Idempotency-Key" {
		t.Errorf("it names %+v", p.Errors)
	}
	c.Post("/authoring/courses/"+uuid.NewString()+"/versions", nil).Problem(422, "idempotency-key-reused")
	w.wantMade(t, 1)
	under(w.two, "k-1").Post("/authoring/courses", w.otherBody).OK(201)
	under(w.one, "k-2").Post("/authoring/courses", w.draft).OK(201)
	w.one.Post("/authoring/courses", w.draft).OK(201)
	w.wantMade(t, 4)
}

func TestTheAddressBelongsToTheRequest(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	c, course := under(w.one, "k-1"), "/authoring/courses/"+uuid.NewString()+"/versions"
	c.Post(course, nil).OK(201)
	c.Post("/authoring/courses/"+uuid.NewString()+"/versions", nil).Problem(422, "idempotency-key-reused")
	c.Post(course, nil).OK(201)
	w.wantMade(t, 1)
}

func TestARefusalIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	c := under(w.one, "k-1")
	w.press.refuse = fault.New(fault.Conflict, "not now")
	c.Post("/authoring/courses", w.draft).Problem(409, "conflict")
	w.press.refuse = fmt.Errorf("a failure of ours")
	c.Post("/authoring/courses", w.draft).Problem(500, "internal")
	w.press.refuse = nil
	c.Post("/authoring/courses", w.otherBody).OK(201)
	w.wantMade(t, 1)
}

func TestTheSameRequestMeanwhileIsToldToWait(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	w.press.hold, w.press.begun = make(chan struct{}), make(chan struct{})
	c := under(w.one, "k-1")
	done := make(chan int)
	go func() { done <- c.Post("/authoring/courses", w.draft).Status }()
	select {
	case <-w.press.begun:
	case <-time.After(5 * time.Second):
		t.Fatal("the first did not begin")
	}
	c.Post("/authoring/courses", w.draft).Problem(409, "request-under-way")
	close(w.press.hold)
	if status := <-done; status != 201 {
		t.Errorf("the first answered %d", status)
	}
	c.Post("/authoring/courses", w.draft).OK(201)
	w.wantMade(t, 1)
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	w := newWriters(t)
	long := make([]byte, 201)
	for i := range long {
		long[i] = 'k'
	}
	for name, key := range map[string]string{"too long": string(long), "with a blank within": "k 1", "not ASCII": "钥匙"} {
		p := under(w.one, key).Post("/authoring/courses", w.draft).Problem(422, "invalid")
		if len(p.Errors) != 1 || p.Errors[0].Location != "header.Idempotency-Key" {
			t.Errorf("%s: %+v", name, p.Errors)
		}
	}
	w.wantMade(t, 0)
	under(w.one, string(long[:200])).Post("/authoring/courses", w.draft).OK(201)
}
