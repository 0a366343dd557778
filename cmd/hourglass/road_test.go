package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/demo/content"
	"github.com/hourglass-lms/hourglass/storage/objects/objectstest"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// The whole road on given servers: PostgreSQL, Redis and MinIO, a worker, and
// two servers that answer in turn.
func TestTheRoadOnGivenServers(t *testing.T) {
	t.Parallel()
	env, store := given(t)
	run(t, env, "", "migrate")
	var bases []string
	for range 2 {
		listen := freePort(t)
		start(t, append(env, "HOURGLASS_LISTEN="+listen), "serve")
		bases = append(bases, "http://"+listen)
	}
	start(t, env, "worker")
	for _, b := range bases {
		waitReady(t, b)
	}
	staff := plant(t, env, bases)
	publish(t, staff, 12)
	p := learn(t, bases, "测微", map[string]bool{"千分尺": true, "正确": true, "温度": true, "读数": true}, 2)
	if len(p.sources) != 1 || !p.sources[store] {
		t.Errorf("segments came from %v, not from the store at %s", p.sources, store)
	}
	if said := run(t, env, "", "ledger", "verify"); !strings.Contains(said, "1 entries, all in order") {
		t.Errorf("the register says %q", said)
	}
}

// And on the embedded default, with the demonstration's own minute.
func TestTheRoadOnTheEmbeddedDefault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ready, r := demoReady(t, "--data", dir, "--only", "how-hours-count")
	if len(ready.Courses) != 1 || len(ready.Accounts) < 6 {
		t.Fatalf("%+v", ready)
	}
	for _, a := range ready.Accounts {
		signedIn(t, a.Email, a.Password, ready.URL)
	}
	learn(t, []string{ready.URL}, "学时认定", rightAnswers(t, "how-hours-count"), 2)
	r.stop(t)
	again, _ := demoReady(t, "--data", dir, "--only", "how-hours-count")
	if len(again.Courses) != 1 || again.Courses[0] != ready.Courses[0] {
		t.Errorf("after another start: %+v", again.Courses)
	}
}

func rightAnswers(t *testing.T, slug string) map[string]bool {
	t.Helper()
	all, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	right := map[string]bool{}
	for _, c := range all.Courses {
		for _, chapter := range c.Chapters {
			for _, l := range chapter.Lessons {
				if c.Slug != slug || l.Quiz == nil {
					continue
				}
				for _, q := range l.Quiz.Questions {
					for _, x := range q.Choices {
						if x.Right {
							right[x.Zh] = true
						}
					}
				}
			}
		}
	}
	return right
}

// given is the environment of a production on this machine.
func given(t *testing.T) (env []string, storeHost string) {
	t.Helper()
	_, server := redistest.NewServer(t)
	store := objectstest.MinIO(t)
	// Browsers reach the store itself, so segments come from there.
	return append(append(store.Env(), "HOURGLASS_S3_PUBLIC_URL="+store.Endpoint.String()), production(t, pgtest.URL(t), server.URL())...), store.Endpoint.Host
}

// production is everything but the store's settings.
func production(t *testing.T, database, redis string) []string {
	t.Helper()
	ledgerKey, _, _ := strings.Cut(run(t, nil, "", "ledger", "key", "--name", "road.example"), "\n")
	return []string{
		"HOURGLASS_PUBLIC_URL=http://road.example", "HOURGLASS_DATABASE_URL=" + database, "HOURGLASS_REDIS_URL=" + redis,
		"HOURGLASS_SECRET_KEYS=k1:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)), ledgerKey, "HOURGLASS_DRAIN_SECONDS=5", "HOURGLASS_PRESENCE_PER_HOUR=0", "HOURGLASS_SECOND_FACTOR=offered",
	}
}

// staffed are the people who publish, signed in, and their institution.
type staffed struct {
	author, manager, officer *person
	institution              string
}

// plant makes organisations and people the way an operator does.
func plant(t *testing.T, env, bases []string) staffed {
	t.Helper()
	admin := func(stdin string, args ...string) string {
		var made obj
		if err := json.Unmarshal([]byte(run(t, env, stdin, append([]string{"admin"}, args...)...)), &made); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"ID", "PersonID", "id"} {
			if id, ok := made[key].(string); ok {
				return id
			}
		}
		t.Fatalf("no id in %v", made)
		return ""
	}
	department := admin("", "org", "--kind", "personnel_department", "--level", "provincial", "--name-zh", "岚江省人社厅", "--name-en", "Lanjiang Department")
	institution := admin("", "org", "--kind", "teaching_institution", "--name-zh", "云溪培训中心", "--name-en", "Yunxi Centre", "--parent", department)
	s := staffed{institution: institution}
	hire := func(email, role, org string) *person {
		id := admin("correct horse battery\n", "person", "--email", email, "--name", "陆一鸣")
		admin("", "role", "--person", id, "--org", org, "--role", role)
		return signedIn(t, email, "correct horse battery", bases...)
	}
	s.author = hire("author@road.example", "instructor", institution)
	s.manager = hire("manager@road.example", "institution_manager", institution)
	s.officer = hire("officer@road.example", "department_officer", department)
	return s
}

// film makes a real video of so many seconds with ffmpeg.
func film(t *testing.T, seconds int) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "film.mp4")
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=854x480:r=25", "-f", "lavfi", "-i", "sine=f=330:r=44100",
		"-t", fmt.Sprint(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-shortest", out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// publish is the author's road, with a film of so many seconds.
func publish(t *testing.T, s staffed, seconds int) {
	t.Helper()
	data := film(t, seconds)
	a := s.author.post("/media", obj{"org_id": s.institution, "kind": "video", "filename": "../../测微 🎬.mp4", "size_bytes": len(data)}, http.StatusCreated)
	asset, size := str(a["id"]), int(at[float64](t, a, "part_size"))
	for n := 0; n*size < len(data); n++ {
		res, text := s.author.raw(http.MethodPut, fmt.Sprintf("/media/%s/parts/%d", asset, n), "application/octet-stream", data[n*size:min(len(data), (n+1)*size)])
		if res.StatusCode != http.StatusNoContent {
			t.Fatalf("part %d: %d %s", n, res.StatusCode, text)
		}
	}
	s.author.post("/media/"+asset+"/completion", nil, http.StatusAccepted)
	eventually(t, 2*time.Minute, func() error {
		if state := s.author.get("/media/" + asset)["state"]; state != "ready" {
			return fmt.Errorf("the video is %v", state)
		}
		return nil
	})
	draft, res := s.author.call(http.MethodPost, "/authoring/courses", obj{"org_id": s.institution, "subject": "professional", "field_id": "manufacturing-quality", "title": obj{"zh": "车间测微入门", "en": "Micrometry"}}, http.StatusCreated)
	path := "/authoring/courses/" + str(draft["id"])
	fields := obj{
		"subject": "professional", "field_id": "manufacturing-quality", "language": "zh", "title": obj{"zh": "车间测微入门", "en": "Micrometry in the Workshop"},
		"summary": obj{"zh": "学会用千分尺", "en": "Use a micrometer"}, "description": obj{"zh": "从读数到温度。", "en": "From reading to temperature."}, "outcomes": []obj{}, "proposed_hours": 1.5,
	}
	_, res = s.author.call(http.MethodPut, path, fields, http.StatusOK, "If-Match", res.Header.Get("ETag"))
	// Not whole yet: a submission says what is missing.
	s.manager.refused(http.MethodPost, path+"/submission", nil, http.StatusUnprocessableEntity, "not-ready", "If-Match", res.Header.Get("ETag"))
	choice := func(zh string, right bool) obj { return obj{"text": obj{"zh": zh, "en": zh}, "correct": right} }
	outline := obj{"chapters": []obj{{"title": obj{"zh": "一", "en": "One"}, "lessons": []obj{
		{"kind": "video", "title": obj{"zh": "讲解", "en": "Lecture"}, "required": true, "asset_id": asset},
		{"kind": "quiz", "title": obj{"zh": "测验", "en": "Quiz"}, "required": true, "quiz": obj{"pass_mark": 60, "questions": []obj{
			{"kind": "single_choice", "stem": obj{"zh": "量轴径用什么？", "en": "?"}, "explanation": obj{"zh": "", "en": ""}, "points": 1, "choices": []obj{choice("直尺", false), choice("千分尺", true)}},
			{"kind": "true_false", "stem": obj{"zh": "温度有影响。", "en": "?"}, "explanation": obj{"zh": "", "en": ""}, "points": 1, "choices": []obj{choice("正确", true), choice("错误", false)}},
			{"kind": "multiple_choice", "stem": obj{"zh": "记录什么？", "en": "?"}, "explanation": obj{"zh": "", "en": ""}, "points": 2, "choices": []obj{choice("温度", true), choice("读数", true), choice("天气", false)}},
		}}},
	}}}}
	_, res = s.author.call(http.MethodPut, path+"/outline", outline, http.StatusOK, "If-Match", res.Header.Get("ETag"))
	// An instructor may write but not submit; a manager may submit but not decide.
	s.author.refused(http.MethodPost, path+"/submission", nil, http.StatusForbidden, "forbidden", "If-Match", res.Header.Get("ETag"))
	// Nobody publishes before the department has accredited them.
	s.manager.refused(http.MethodPost, path+"/submission", nil, http.StatusConflict, "not-accredited", "If-Match", res.Header.Get("ETag"))
	accreditation := "/organisations/" + s.institution + "/accreditation"
	s.manager.post(accreditation+"/application", obj{"statement": "专职教师十人"}, http.StatusOK)
	s.officer.post(accreditation+"/decision", obj{"decision": "accredit", "until": time.Now().AddDate(1, 0, 0).Format(time.DateOnly)}, http.StatusOK)
	submitted, _ := s.manager.call(http.MethodPost, path+"/submission", nil, http.StatusOK, "If-Match", res.Header.Get("ETag"))
	decision := "/reviews/" + str(submitted["version_id"]) + "/decision"
	s.manager.refused(http.MethodPost, decision, obj{"decision": "approve", "hours": 1.5}, http.StatusForbidden, "forbidden")
	if n := at[float64](t, s.officer.get("/reviews"), "waiting"); n != 1 {
		t.Errorf("%v submissions wait", n)
	}
	s.officer.refused(http.MethodPost, decision, obj{"decision": "approve"}, http.StatusUnprocessableEntity, "invalid")
	s.officer.post(decision, obj{"decision": "approve", "hours": 1.5}, http.StatusOK)
	s.officer.refused(http.MethodPost, decision, obj{"decision": "approve", "hours": 1.5}, http.StatusConflict, "already-decided")
}

// learn is the road of a new person: from sign-up to a certificate that anyone can check.
func learn(t *testing.T, bases []string, search string, right map[string]bool, rate float64) *person {
	t.Helper()
	p := newPerson(t, bases...)
	p.post("/auth/sign-up", obj{"email": "new@road.example", "password": "correct horse battery", "name": "欧阳静怡", "locale": "zh-CN"}, http.StatusCreated)
	found := p.get("/courses?q=" + query(search))
	course := at[string](t, found, "items", 0, "id")
	lesson := at[string](t, p.get("/courses/"+course), "chapters", 0, "lessons", 0, "id")
	p.refused(http.MethodPost, "/study-sessions", obj{"lesson_id": lesson}, http.StatusForbidden, "not-enrolled")
	e := p.post("/courses/"+course+"/enrolments", nil, http.StatusCreated)
	quiz := quizOf(t, e)
	p.refused(http.MethodPost, "/quizzes/"+quiz+"/attempts", obj{}, http.StatusConflict, "lessons-missing")
	forged(p, lesson)
	if last := p.watch(lesson, rate); last["lesson_completed"] != true {
		t.Fatalf("the lesson is not complete: %v", last)
	}
	if result := p.pass(quiz, right); result["passed"] != true || result["course_completed"] != true {
		t.Fatalf("the quiz: %v", result)
	}
	var serial string
	eventually(t, 30*time.Second, func() error {
		got := p.get("/me/certificates")
		if items := at[[]any](t, got, "items"); len(items) == 1 {
			serial = at[string](t, got, "items", 0, "serial")
			return nil
		}
		return fmt.Errorf("no certificate: %v", got)
	})
	certified(t, p, newPerson(t, bases...), serial)
	return p
}

func quizOf(t *testing.T, enrolment obj) string {
	t.Helper()
	for _, c := range at[[]any](t, enrolment, "chapters") {
		for _, l := range at[[]any](t, c, "lessons") {
			if at[string](t, l, "kind") == "quiz" {
				return at[string](t, l, "quiz", "id")
			}
		}
	}
	t.Fatal("the course has no quiz")
	return ""
}

// forged claims a lesson that was never played.
func forged(p *person, lesson string) {
	p.t.Helper()
	s := p.post("/study-sessions", obj{"lesson_id": lesson}, http.StatusCreated)
	beats := "/study-sessions/" + str(s["id"]) + "/beats"
	claim := func(token any, seq int, to float64) obj {
		return obj{"token": token, "seq": seq, "state": "playing", "visible": true, "spans": []obj{{"from_ms": 0, "to_ms": int(to), "rate": 1}}}
	}
	p.refused(http.MethodPost, beats, claim(s["token"], 1, at[float64](p.t, s, "duration_ms")), http.StatusUnprocessableEntity, "too-fast")
	p.refused(http.MethodPost, beats, claim(s["token"], 2, 10), http.StatusConflict, "wrong-sequence")
	p.refused(http.MethodPost, beats, claim("forged", 1, 10), http.StatusConflict, "wrong-token")
	time.Sleep(50 * time.Millisecond)
	p.refused(http.MethodPost, beats, claim(s["token"], 1, 20), http.StatusUnprocessableEntity, "not-delivered")
	held := p.refused(http.MethodPost, "/study-sessions", obj{"lesson_id": lesson}, http.StatusConflict, "lease-held")
	if held["lesson_id"] != lesson || held["device"] == nil || held["seen_at"] == nil {
		p.t.Errorf("lease-held says %v", held)
	}
	p.call(http.MethodDelete, "/study-sessions/"+str(s["id"]), nil, http.StatusNoContent)
	p.refused(http.MethodPost, beats, claim(s["token"], 1, 10), http.StatusConflict, "session-closed")
}

// certified looks at the hours as their owner, and at the certificate as anybody.
func certified(t *testing.T, owner, anybody *person, serial string) {
	t.Helper()
	year := owner.get("/me/hours")
	if n := len(at[[]any](t, year, "entries")); n != 1 || at[float64](t, year, "counted") <= 0 || at[float64](t, year, "required") != 72 {
		t.Errorf("the year: %v", year)
	}
	check := anybody.get("/certificates/" + serial)
	if check["valid"] != true {
		t.Errorf("the certificate: %v", check)
	}
	res, pdf := anybody.raw(http.MethodGet, "/certificates/"+serial+".pdf", "", nil)
	if res.StatusCode != http.StatusOK || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("the certificate's PDF: %d, %d bytes", res.StatusCode, len(pdf))
	}
	last := byte('0')
	if serial[len(serial)-1] == last {
		last = '1'
	}
	anybody.refused(http.MethodGet, "/certificates/"+serial[:len(serial)-1]+string(last), nil, http.StatusUnprocessableEntity, "not-a-serial")
}
