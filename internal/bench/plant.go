package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
)

// crowd are open sessions. The first is opened over HTTP, like anybody's; the
// others are copies of its rows and of its hot state, so that a million stand
// within minutes and whatever a session may have, they have as well.
type crowd struct {
	s      *stage
	hot    *studyredis.Hot
	first  studydb.Session
	person study.Person
	state  study.State
}

// chunk is how many sessions one statement writes.
const chunk = 10_000

func (s *stage) newCrowd(ctx context.Context) (c *crowd, err error) {
	c = &crowd{s: s, hot: studyredis.New(s.client, study.Policy{}.OrDefaults())}
	id, err := s.openOne(ctx)
	if err != nil {
		return nil, err
	}
	// All of the lesson counts as sent, because no file is behind it.
	var sent study.Bits
	for i := range s.course.Manifest.Segments() {
		sent, _ = sent.With(int64(i))
	}
	if _, err := s.db.Pool().Exec(ctx, `UPDATE study_sessions SET delivered = $2, delivered_ms = $3 WHERE id = $1`, id, []byte(sent), int64(lessonMS)); err != nil {
		return nil, err
	}
	store := studydb.New(s.db, nil)
	if c.first, err = store.Session(ctx, id); err != nil {
		return nil, err
	}
	c.person, c.state, err = store.Rebuild(ctx, c.first)
	return c, err
}

// openOne signs somebody in and opens a session over HTTP.
func (s *stage) openOne(ctx context.Context) (id uuid.UUID, err error) {
	people, err := s.course.Enrol(ctx, s.db, 1)
	if err != nil {
		return id, err
	}
	cookie, hash := newCookie()
	if _, err := s.db.Pool().Exec(ctx, `INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at) VALUES ($1, $2, now(), now(), now() + interval '1 day')`, hash[:], people[0].Person); err != nil {
		return id, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.product.address+"/api/v1/study-sessions", bytes.NewReader(fmt.Appendf(nil, `{"lesson_id":%q}`, s.course.Lesson)))
	if err != nil {
		return id, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Cookie", "hourglass_session="+string(cookie[:]))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return id, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return id, err
	}
	if res.StatusCode != http.StatusCreated {
		return id, fmt.Errorf("open a session: %d %s", res.StatusCode, text)
	}
	var opened struct{ ID uuid.UUID }
	err = json.Unmarshal(text, &opened)
	return opened.ID, err
}

func newCookie() (c [cookieLen]byte, hash [sha256.Size]byte) {
	var token [32]byte
	_, _ = rand.Read(token[:])
	base64.RawURLEncoding.Encode(c[:], token[:])
	return c, sha256.Sum256(token[:])
}

// more opens so many further sessions.
func (c *crowd) more(ctx context.Context, n int) ([]learner, error) {
	all := make([]learner, 0, n)
	for len(all) < n {
		people, err := c.s.course.Enrol(ctx, c.s.db, min(chunk, n-len(all)))
		if err != nil {
			return nil, err
		}
		some, err := c.copies(ctx, people)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// fresh opens sessions that were sent nothing yet, an hour ago, so that all of
// the lesson may be sent to them at once.
func (c *crowd) fresh(ctx context.Context, n int) ([]learner, error) {
	early := *c
	early.state.Delivered, early.state.DeliveredMS = nil, 0
	early.state.OpenedMS -= lessonMS
	all, err := early.more(ctx, n)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, n)
	for i := range all {
		ids[i], all[i].seq = all[i].session, 0
	}
	_, err = c.s.db.Pool().Exec(ctx, `UPDATE study_sessions SET delivered = '', delivered_ms = 0 WHERE id = ANY ($1)`, ids)
	return all, err
}

func (c *crowd) copies(ctx context.Context, people []studytest.Learner) ([]learner, error) {
	n := len(people)
	all, chains := make([]learner, n), make([]study.Chain, n)
	session, person, enrolment, chain, signIn := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n), make([][]byte, n), make([][]byte, n)
	now := time.Now()
	for i, p := range people {
		l := &all[i]
		l.session, l.seq, l.last = uuid.Must(uuid.NewV7()), 1, now.UnixMilli()
		l.cookie, _ = newCookie()
		chains[i] = study.NewChain()
		copy(l.token[:], c.s.keys.Token(l.session, 1, chains[i], 0))
		name := sha256.Sum256([]byte("study:" + string(l.cookie[:])))
		session[i], person[i], enrolment[i], chain[i], signIn[i] = l.session, p.Person, p.Enrolment, chains[i][:], name[:16]
	}
	// By way of a record, so that every column that is not named is the first one's.
	_, err := c.s.db.Pool().Exec(ctx, `
		INSERT INTO study_sessions SELECT r.*
		FROM study_sessions s, unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[]) c (id, person, enrolment, chain, sign_in),
			LATERAL jsonb_populate_record(s, jsonb_build_object('id', c.id, 'person_id', c.person, 'enrolment_id', c.enrolment, 'chain', c.chain, 'sign_in', c.sign_in)) r
		WHERE s.id = $1`,
		c.first.ID, session, person, enrolment, chain, signIn)
	if err != nil {
		return nil, fmt.Errorf("copy sessions: %w", err)
	}
	_, err = c.s.db.Pool().Exec(ctx, `INSERT INTO study_people (person_id, fence, session_id) SELECT p, $3, s FROM unnest($1::uuid[], $2::uuid[]) x (p, s)`, person, session, c.first.Fence)
	if err != nil {
		return nil, fmt.Errorf("copy leases: %w", err)
	}
	return all, each(n, 16, func(i int) error {
		state := c.state
		state.Chain = chains[i]
		return c.hot.Put(ctx, studyredis.Who{Person: person[i], Session: session[i]}, c.person, &state)
	})
}

// each does 0 … n-1, so many at a time.
func each(n, width int, do func(int) error) error {
	var wait sync.WaitGroup
	failed := make([]error, width)
	for w := range width {
		wait.Go(func() {
			for i := w; i < n && failed[w] == nil; i += width {
				failed[w] = do(i)
			}
		})
	}
	wait.Wait()
	return failed[max(0, slices.IndexFunc(failed, func(err error) bool { return err != nil }))]
}
