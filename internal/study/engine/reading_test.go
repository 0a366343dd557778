package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
)

// reader is a client that reads a document and keeps to the protocol.
type reader struct {
	*player
	plan struct{ pages, minS, maxS int }
}

// shelf is a house with a document in its course.
func shelf(t *testing.T, d studytest.Document) (*house, uuid.UUID) {
	t.Helper()
	h := build(t, 60_000)
	lesson, err := h.course.PlantDocument(t.Context(), h.db, d)
	if err != nil {
		t.Fatal(err)
	}
	return h, lesson
}

func (h *house) read(lesson uuid.UUID, takeOver bool) *reader {
	h.t.Helper()
	p := &player{h: h, e: h.engine, person: h.people[0], seq: 1}
	o, err := h.engine.Open(h.t.Context(), engine.OpenRequest{
		PersonID: p.person.Person, EnrolmentID: p.person.Enrolment, LessonID: lesson, TakeOver: takeOver, Device: "Firefox on Linux", SignIn: []byte("s"),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	p.id, p.token, p.at = o.Meta.ID, o.Token, o.State.ResumeMS
	r := &reader{player: p}
	r.plan.pages, r.plan.minS, r.plan.maxS = o.Plan.Pages, o.Plan.PageMinS, o.Plan.PageMaxS
	return r
}

// fetch has the document sent.
func (r *reader) fetch() engine.Document {
	r.h.t.Helper()
	d, err := r.e.Document(r.h.t.Context(), r.person.Person, r.id, "")
	if err != nil {
		r.h.t.Fatal(err)
	}
	return d
}

// page reads a page for so long, from where its time begins, and reports it.
func (r *reader) page(n, seconds int) (engine.Answer, error) {
	from := int64(n*r.plan.maxS) * 1000
	return r.span(from, from+int64(seconds)*1000)
}

func (r *reader) span(from, to int64) (engine.Answer, error) {
	r.h.pass(time.Duration(to-from) * time.Millisecond)
	r.last = study.Report{Token: r.token, Seq: r.seq, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: from, ToMS: to, Rate: 100}}}
	return r.send()
}

func TestADocumentIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]studytest.Document{
		"a PDF of three pages":    {Pages: 3, MinS: 12, MaxS: 30},
		"a text as long as three": {Text: strings.Repeat("读", 3001), MinS: 12, MaxS: 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, lesson := shelf(t, d)
			r := h.read(lesson, false)
			if r.plan.pages != 3 || r.plan.minS != 4 || r.plan.maxS != 10 {
				t.Fatalf("it is to be read by %+v", r.plan)
			}
			if first, again := r.fetch(), r.fetch(); !first.First || again.First || first.Text != d.Text || (first.AssetID == uuid.Nil) != (d.Pages == 0) {
				t.Errorf("sent as %+v, then %+v", first, again)
			}
			for n := range 3 {
				if n == 2 {
					h.wipe() // what was read and sent is known without Redis
				}
				a, err := r.page(n, 4)
				if err != nil || a.State.Completed != (n == 2) {
					t.Fatalf("page %d: completed %v, %v", n, a.State.Completed, err)
				}
				if n == 1 {
					h.engine.Flush()
				}
			}
			h.expect(h.people[0], 12_000, 12, 3)
			if h.completed.Load() != 1 {
				t.Errorf("the completion was told %d times", h.completed.Load())
			}
		})
	}
}

func TestReadingThatIsRefusedCreditsNothing(t *testing.T) {
	t.Parallel()
	h, lesson := shelf(t, studytest.Document{Pages: 2, MinS: 8, MaxS: 20})
	r := h.read(lesson, false)
	refused := func(what, code string, err error) {
		t.Helper()
		if codeOf(err) != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	refused("before it was sent", "not-delivered", second(r.page(0, 4)))
	if _, err := r.e.Playlist(t.Context(), r.person.Person, r.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a document has a playlist: %v", err)
	}
	r.fetch()
	h.pass(time.Minute)
	r.last = study.Report{Token: r.token, Seq: r.seq, State: study.Playing, Spans: []study.Span{{FromMS: 0, ToMS: 4000, Rate: 100}}}
	refused("in the background", "not-visible", second(r.send()))
	r.last.Visible, r.last.Spans = true, []study.Span{{FromMS: 0, ToMS: 4000, Rate: 150}}
	refused("faster than one reads", "too-fast", second(r.send()))
	refused("beyond the last page", "", second(r.span(20_000, 21_000)))
	if _, err := r.page(0, 10); err != nil {
		t.Fatal(err)
	}
	if _, err := r.page(0, 10); err != nil {
		t.Fatalf("the same page again is time, within the most: %v", err)
	}
	refused("beyond the most of the whole", "enough", second(r.page(1, 1)))
	h.expect(h.people[0], 20_000, 10, 2)
	if h.completed.Load() != 0 {
		t.Error("a document whose second page was never read is complete")
	}
}

// A session keeps the layout it was opened with: what an author changes holds
// from the next opening on, and makes nothing of what was read before.
func TestADocumentThatGrowsShorterCompletesNothingByItself(t *testing.T) {
	t.Parallel()
	h, lesson := shelf(t, studytest.Document{Text: strings.Repeat("读", 3001), MinS: 12, MaxS: 30})
	r := h.read(lesson, false)
	r.fetch()
	if _, err := r.page(2, 8); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Pool().Exec(t.Context(), `UPDATE lessons SET body_zh = '短', min_s = 4, max_s = 10 WHERE id = $1`, lesson); err != nil {
		t.Fatal(err)
	}
	if a, err := r.page(1, 4); err != nil || a.State.Completed {
		t.Errorf("the session that was open: completed %v, %v", a.State.Completed, err)
	}
	next := h.read(lesson, true)
	next.fetch()
	if next.plan.pages != 1 || next.plan.maxS != 10 {
		t.Fatalf("it is to be read by %+v", next.plan)
	}
	if _, err := next.span(20_000, 21_000); err == nil {
		t.Error("a page that is no more is credited")
	}
	if h.completed.Load() != 0 {
		t.Error("pages that are no more completed the one that is left")
	}
}

func TestAReadingSessionIsForReadingAlone(t *testing.T) {
	t.Parallel()
	h, lesson := shelf(t, studytest.Document{Pages: 1, MinS: 4, MaxS: 10})
	watching := h.mustOpen(0)
	if _, err := h.engine.Document(t.Context(), watching.person.Person, watching.id, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a video's session reads: %v", err)
	}
	r := h.read(lesson, true)
	stranger := h.people[1].Person
	if _, err := h.engine.Document(t.Context(), stranger, r.id, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another person's session reads: %v", err)
	}
	if _, err := watching.play(1000); codeOf(err) != "session-closed" && codeOf(err) != "fenced" {
		t.Errorf("two lessons at once: %v", err)
	}
	if err := h.engine.Close(t.Context(), r.person.Person, r.id); err != nil {
		t.Fatal(err)
	}
	if _, err := h.engine.Document(t.Context(), r.person.Person, r.id, ""); codeOf(err) != "session-closed" {
		t.Errorf("a closed session reads: %v", err)
	}
}
