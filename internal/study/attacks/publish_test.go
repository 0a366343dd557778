package attacks_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
)

// filmSeconds is more than may be fetched ahead, so that the pace can be tried.
const filmSeconds = 150

// published is a course as learners see it.
type published struct{ course, video, quiz, text, pdf string }

// pageMS is the most and the least that a page of the documents counts. Each has two pages.
const pageMS = 1000

// staff are who brings a course into the catalogue.
type staff struct {
	author, manager, officer *learner
	institution              string
}

// publish brings one film into three courses, and gives the third a second
// version after somebody enrolled in its first one.
func (st *stage) publish(t *testing.T) {
	t.Helper()
	s := st.hire(t)
	video, pdf := s.upload(t, "video", "film.mp4", film(t)), s.upload(t, "document", "card.pdf", card(t))
	st.course = s.course(t, "甲", video, pdf)
	st.other = s.course(t, "乙", video, pdf)
	st.old = s.course(t, "丙", video, pdf)
	st.early = st.newcomer(t)
	st.early.enrol(t, st.old)
	st.next = s.revise(t, st.old.course)
}

func (st *stage) hire(t *testing.T) staff {
	t.Helper()
	orgs := orgdb.New(st.db, nil)
	plant := func(n org.New) uuid.UUID {
		o, err := orgs.CreateOrganisation(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	department := plant(org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "岚江省人社厅", NameEn: "Lanjiang Department"})
	institution := plant(org.New{Kind: org.TeachingInstitution, NameZh: "云溪培训中心", NameEn: "Yunxi Centre", ParentID: &department})
	until := time.Now().AddDate(1, 0, 0)
	if err := orgs.Accredit(t.Context(), uuid.Nil, institution, func([]uuid.UUID) error { return nil }, org.Step{State: org.Accredited, Until: &until}); err != nil {
		t.Fatal(err)
	}
	member := func(at uuid.UUID, role org.Role) *learner {
		l := st.newcomer(t)
		if _, err := orgs.AddMembership(t.Context(), l.id, at, role); err != nil {
			t.Fatal(err)
		}
		return l
	}
	return staff{member(institution, org.Instructor), member(institution, org.InstitutionManager), member(department, org.DepartmentOfficer), institution.String()}
}

// film is small and quickly packaged: what it shows does not matter here.
func film(t *testing.T) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "film.mp4")
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x90:r=5", "-f", "lavfi", "-i", "sine=f=330:r=44100",
		"-t", fmt.Sprint(filmSeconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-c:a", "aac", "-b:a", "32k", "-shortest", out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// card is the PDF of two pages that the demonstration has.
func card(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../../demo/content/courses/quantities-and-units/card.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (s staff) upload(t *testing.T, kind, filename string, data []byte) string {
	t.Helper()
	var a struct {
		ID       string `json:"id"`
		PartSize int    `json:"part_size"`
		State    string `json:"state"`
	}
	s.author.must(t, "POST", "/media", obj{"org_id": s.institution, "kind": kind, "filename": filename, "size_bytes": len(data)}, http.StatusCreated).into(t, &a)
	for n := 0; n*a.PartSize < len(data); n++ {
		part := data[n*a.PartSize : min(len(data), (n+1)*a.PartSize)]
		if got := s.author.send(t, "PUT", fmt.Sprintf("/media/%s/parts/%d", a.ID, n), string(part), "Content-Type", "application/octet-stream"); got.status != http.StatusNoContent {
			t.Fatalf("part %d: %s", n, got)
		}
	}
	s.author.must(t, "POST", "/media/"+a.ID+"/completion", nil, http.StatusAccepted)
	for end := time.Now().Add(2 * time.Minute); a.State != "ready"; time.Sleep(100 * time.Millisecond) {
		if s.author.must(t, "GET", "/media/"+a.ID, nil, http.StatusOK).into(t, &a); time.Now().After(end) || a.State == "failed" {
			t.Fatalf("%s is %s", filename, a.State)
		}
	}
	return a.ID
}

// course publishes a course with the film, a quiz, a text and a PDF.
func (s staff) course(t *testing.T, name, film, pdf string) published {
	t.Helper()
	text := func(x string) obj { return obj{"zh": x, "en": x} }
	start := obj{"org_id": s.institution, "subject": "professional", "field_id": "manufacturing-quality", "title": text(name)}
	draft := s.author.must(t, "POST", "/authoring/courses", start, http.StatusCreated)
	var d struct{ ID string }
	draft.into(t, &d)
	path := "/authoring/courses/" + d.ID
	fields := obj{
		"subject": "professional", "field_id": "manufacturing-quality", "language": "zh", "title": text(name), "summary": text(name),
		"description": text(name), "outcomes": []obj{}, "proposed_hours": 1,
	}
	draft = s.author.must(t, "PUT", path, fields, http.StatusOK, "If-Match", draft.header.Get("ETag"))
	quiz := obj{"pass_mark": 60, "questions": []obj{{"kind": "true_false", "stem": text("?"), "explanation": text(""), "points": 1, "choices": []obj{
		{"text": text("正确"), "correct": true}, {"text": text("错误"), "correct": false},
	}}}}
	outline := obj{"chapters": []obj{{"title": text("一"), "lessons": []obj{
		{"kind": "video", "title": text("讲解"), "required": true, "asset_id": film, "questions": []obj{{"at_ms": 0, "kind": "single", "prompt": "?", "choices": []obj{
			{"text": "错甲", "correct": false}, {"text": "错乙", "correct": false}, {"text": "对", "correct": true}, {"text": "错丁", "correct": false},
		}}}}, {"kind": "quiz", "title": text("测验"), "required": true, "quiz": quiz},
		{"kind": "document", "title": text("课文"), "required": false, "text": text(strings.Repeat("读", 1501)), "min_s": 2, "max_s": 2},
		{"kind": "document", "title": text("速查表"), "required": false, "asset_id": pdf, "min_s": 2, "max_s": 2},
	}}}}
	draft = s.author.must(t, "PUT", path+"/outline", outline, http.StatusOK, "If-Match", draft.header.Get("ETag"))
	s.approve(t, path, draft)
	return s.read(t, d.ID)
}

func (s staff) approve(t *testing.T, path string, draft answer) {
	t.Helper()
	var submitted struct {
		VersionID string `json:"version_id"`
	}
	s.manager.must(t, "POST", path+"/submission", nil, http.StatusOK, "If-Match", draft.header.Get("ETag")).into(t, &submitted)
	s.officer.must(t, "POST", "/reviews/"+submitted.VersionID+"/decision", obj{"decision": "approve", "hours": 1}, http.StatusOK)
}

func (s staff) read(t *testing.T, course string) published {
	t.Helper()
	var page struct {
		Chapters []struct{ Lessons []struct{ ID string } }
	}
	s.author.must(t, "GET", "/courses/"+course, nil, http.StatusOK).into(t, &page)
	l := page.Chapters[0].Lessons
	return published{course, l[0].ID, l[1].ID, l[2].ID, l[3].ID}
}

// revise publishes the course's next version.
func (s staff) revise(t *testing.T, course string) published {
	t.Helper()
	draft := s.author.must(t, "POST", "/authoring/courses/"+course+"/versions", nil, http.StatusCreated)
	s.approve(t, "/authoring/courses/"+course, draft)
	return s.read(t, course)
}
