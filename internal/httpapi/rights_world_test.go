package httpapi_test

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// realm is a whole server on a planted tree:
//
//	province
//	└ city ─ employer (self and a colleague work here), industry ─ school
//	  └ county
//	elsewhere (another province) ─ employer2, school2, industry2
type realm struct {
	db     *pg.DB
	app    *fiber.App
	places map[string]uuid.UUID
	author uuid.UUID // of what the school teaches; nobody walks as them
}

func newRealm(t *testing.T) *realm {
	t.Helper()
	url := pgtest.URL(t)
	r := &realm{db: pgtest.Open(t, url), places: map[string]uuid.UUID{}}
	cache, err := embedded.StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cache.Close() })
	ledger, _, err := app.NewLedgerKey("walk.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{
		"PUBLIC_URL": "http://walk.example", "DATABASE_URL": url, "REDIS_URL": cache.URL(), "OBJECTS": "disk://" + t.TempDir(),
		"SECRET_KEYS": "walk:" + base64.StdEncoding.EncodeToString(make([]byte, 32)), "LEDGER_KEY": ledger,
	}
	c, err := config.Load(func(name string) string { return settings[strings.TrimPrefix(name, config.Prefix)] }, app.ServeNeeds...)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), c, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), app.Task{Serve: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	r.app = a.Router()
	r.plantTree(t)
	return r
}

func (r *realm) plantTree(t *testing.T) {
	for _, p := range []struct{ name, kind, level, above string }{
		{"province", "personnel_department", "provincial", ""}, {"city", "personnel_department", "municipal", "province"},
		{"county", "personnel_department", "county", "city"}, {"employer", "employer", "", "city"},
		{"industry", "industry_department", "", "city"}, {"school", "teaching_institution", "", "industry"},
		{"elsewhere", "personnel_department", "provincial", ""}, {"employer2", "employer", "", "elsewhere"},
		{"industry2", "industry_department", "", "elsewhere"}, {"school2", "teaching_institution", "", "industry2"},
	} {
		id := uuid.Must(uuid.NewV7())
		r.places[p.name] = id
		var parent *uuid.UUID
		if p.above != "" {
			parent = new(r.places[p.above])
		}
		r.exec(t, `INSERT INTO organisations (id, kind, level, name_zh, name_en, parent_id, lineage, created_at)
			VALUES ($1, $2, nullif($3, ''), $4, $4, $5, $1::uuid || coalesce((SELECT lineage FROM organisations WHERE id = $5), '{}'), now())`, id, p.kind, p.level, p.name, parent)
	}
	r.author = uuid.Must(uuid.NewV7())
	r.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '顾望舒', now())`, r.author)
}

func (r *realm) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := r.db.Pool().Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}

// walker is a role held in a place, seen from the school and the employer.
type walker struct {
	place string // as the matrix calls it: own, above, higher, lower, other …
	role  identity.Role
	in    string // of realm.places
}

// group is one column of the matrix.
type group struct {
	name    string
	walkers []walker
}

// groups are the matrix's columns. The officers stand above what is walked to
// (its city, or the industry's department of the school), higher (the
// province), lower (a county of the city) or in another province.
var groups = []group{
	{"signed_out", []walker{{"anybody", "", ""}}},
	{"professional", []walker{{"self", identity.Professional, "employer"}, {"colleague", identity.Professional, "employer"}, {"other", identity.Professional, "employer2"}}},
	{"instructor", []walker{{"own", identity.Instructor, "school"}, {"other", identity.Instructor, "school2"}}},
	{"manager", []walker{{"own", identity.InstitutionManager, "school"}, {"other", identity.InstitutionManager, "school2"}}},
	{"employer", []walker{{"own", identity.EmployerOfficer, "employer"}, {"other", identity.EmployerOfficer, "employer2"}}},
	{"officer", []walker{{"above", identity.DepartmentOfficer, "city"}, {"higher", identity.DepartmentOfficer, "province"}, {"lower", identity.DepartmentOfficer, "county"}, {"other", identity.DepartmentOfficer, "elsewhere"}}},
	{"industry", []walker{{"above", identity.DepartmentOfficer, "industry"}, {"other", identity.DepartmentOfficer, "industry2"}}},
	{"auditor", []walker{{"above", identity.Auditor, "city"}, {"higher", identity.Auditor, "province"}, {"lower", identity.Auditor, "county"}, {"other", identity.Auditor, "elsewhere"}}},
}

// stage is what one call, or all calls that change nothing, find planted:
// self, an employee of the employer to whom everything personal belongs, and
// what plants.go plants when a line names it.
type stage struct {
	*realm
	self   uuid.UUID
	cookie string // self's
	known  map[string]string
}

func (r *realm) newStage(t *testing.T) *stage {
	s := &stage{realm: r, known: map[string]string{}}
	s.self, s.cookie = r.enters(t, walker{"self", identity.Professional, "employer"})
	s.known["self"] = s.self.String()
	for name, id := range r.places {
		s.known[name] = id.String()
	}
	return s
}

// enters plants a person with the walker's role and signs them in. Whatever
// signing in comes to demand of a role (a second factor, a confirmed address)
// is to be given here.
func (r *realm) enters(t testing.TB, w walker) (uuid.UUID, string) {
	t.Helper()
	if w.role == "" {
		return uuid.Nil, ""
	}
	id := uuid.Must(uuid.NewV7())
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, string(w.role)+" of "+w.in)
	b.Queue(`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at, email_verified_at) VALUES ($1, $2, $2, $3, now(), now(), now())`, id, id.String()+"@walk.example", passwordHash())
	b.Queue(`INSERT INTO passkeys (id, person_id, credential_id, record, name, created_at) VALUES (gen_random_uuid(), $1, uuid_send($1), '{}', 'x', now())`, id)
	b.Queue(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES (gen_random_uuid(), $1, $2, $3, now() - interval '1 hour')`, id, r.places[w.in], string(w.role))
	if err := r.db.Pool().SendBatch(context.Background(), b).Close(); err != nil {
		t.Fatalf("plant a walker: %v", err)
	}
	cookies, err := studytest.SignIn(context.Background(), r.db, []studytest.Learner{{Person: id}})
	if err != nil {
		t.Fatal(err)
	}
	r.exec(t, `UPDATE sign_ins SET proved_at = now() WHERE person_id = $1`, id) // or whatever guards the account asks for the password first
	return id, cookies[0]
}

// passwordHash is of a password that nobody enters.
var passwordHash = sync.OnceValue(func() string {
	hash, err := identity.NewHasher(identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1}).Hash(context.Background(), uuid.NewString())
	if err != nil {
		panic(err)
	}
	return hash
})

// call is one request's answer.
type call struct {
	status int
	body   string
}

func (r *realm) call(t testing.TB, method, path, body, cookie string) call {
	t.Helper()
	req := httptest.NewRequest(method, httpapi.Base+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", contentType(body))
	}
	if method != http.MethodGet {
		req.Header.Set("If-Match", `"1"`)
	}
	if cookie != "" {
		req.Header.Set("Cookie", "hourglass_session="+cookie)
	}
	res, err := r.app.Test(req, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return call{res.StatusCode, string(data)}
}

func contentType(body string) string {
	switch {
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "application/json"
	case strings.HasPrefix(body, "WEBVTT"):
		return "text/vtt"
	}
	return "application/octet-stream"
}
