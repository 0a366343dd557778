package attacks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// obj is any JSON object.
type obj = map[string]any

// learner is a person with a sign-in.
type learner struct {
	st     *stage
	id     uuid.UUID
	signIn string
	client *client.Client
	began  time.Time // before any session of theirs
	earned int64     // ms that were studied honestly and acknowledged
}

func (st *stage) newcomer(t *testing.T) *learner {
	t.Helper()
	id, token := st.account(t)
	l := &learner{st: st, id: id, began: time.Now()}
	return l.under(token)
}

// under lets the same person go on with another sign-in.
func (l *learner) under(signIn string) *learner {
	l.signIn = signIn
	l.client = &client.Client{Base: l.st.base, SignIn: signIn, HTTP: l.st.http}
	return l
}

func (l *learner) enrol(t *testing.T, in published) {
	t.Helper()
	l.must(t, "POST", "/courses/"+in.course+"/enrolments", nil, http.StatusCreated)
}

// answer is what came back, whole.
type answer struct {
	status int
	code   string
	header http.Header
	body   []byte
	err    error // the connection was cut
}

func (a answer) String() string {
	return fmt.Sprintf("%d %s %.300s (%v)", a.status, a.code, a.body, a.err)
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
}

// send sends what no client would. Headers come in pairs; one that is given as
// Cookie replaces the sign-in.
func (l *learner) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	return l.stream(t, method, path, r, headers...)
}

// stream is send with a body that need not fit into memory.
func (l *learner) stream(t *testing.T, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, l.st.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", "hourglass_session="+l.signIn)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if n, ok := body.(*io.LimitedReader); ok && req.Header.Get("X-Chunked") == "" {
		req.ContentLength = n.N
	}
	return l.ask(req)
}

func (l *learner) ask(req *http.Request) (a answer) {
	res, err := l.st.http.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	a.status, a.header = res.StatusCode, res.Header
	if a.body, a.err = io.ReadAll(io.LimitReader(res.Body, 32<<20)); strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		var p struct{ Type string }
		_ = json.Unmarshal(a.body, &p)
		a.code = strings.TrimPrefix(p.Type, "/problems/")
	}
	return a
}

// must is a request of an honest person.
func (l *learner) must(t *testing.T, method, path string, body any, want int, headers ...string) answer {
	t.Helper()
	var data bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&data).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	a := l.send(t, method, path, data.String(), headers...)
	if a.status != want || a.err != nil {
		t.Fatalf("%s %s answered %s, want %d", method, path, a, want)
	}
	return a
}
