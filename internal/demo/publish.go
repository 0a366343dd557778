package demo

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/demo/content"
)

type text = content.Text

// catalogue is the id of every published course by its Chinese title.
func catalogue(ctx context.Context, base string) (map[string]uuid.UUID, error) {
	c := &client{base: base + "/api/v1", http: &http.Client{Timeout: time.Minute}}
	out := map[string]uuid.UUID{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID    uuid.UUID `json:"id"`
				Title text      `json:"title"`
			} `json:"items"`
			Next *string `json:"next_cursor"`
		}
		if err := c.call(ctx, http.MethodGet, "/courses?limit=100&cursor="+url.QueryEscape(cursor), nil, &page, nil); err != nil {
			return nil, fmt.Errorf("read the catalogue: %w", err)
		}
		for _, x := range page.Items {
			out[x.Title.Zh] = x.ID
		}
		if page.Next == nil {
			return out, nil
		}
		cursor = *page.Next
	}
}

// publisher brings one course into the catalogue, each step signed in as who does it.
type publisher struct {
	course                      content.Course
	org                         uuid.UUID
	author, submitter, reviewer *client
}

type draft struct {
	ID        uuid.UUID `json:"id"`
	VersionID uuid.UUID `json:"version_id"`
	State     string    `json:"state"`
	Title     text      `json:"title"`
}

// publish begins where a start before was cut short: a draft is begun anew,
// because uploads may be missing from it; a submission is decided.
func (p publisher) publish(ctx context.Context) error {
	d, err := p.begun(ctx)
	if err != nil {
		return err
	}
	if d.State == "draft" || d.State == "returned" {
		if err := p.author.call(ctx, http.MethodDelete, "/authoring/courses/"+d.ID.String(), nil, nil, nil); err != nil {
			return err
		}
		d = draft{}
	}
	if d.State == "" {
		if d, err = p.write(ctx); err != nil {
			return err
		}
	}
	decision := map[string]any{"decision": "approve", "hours": p.course.Hours}
	return p.reviewer.call(ctx, http.MethodPost, "/reviews/"+d.VersionID.String()+"/decision", decision, nil, nil)
}

// begun is the course as it stands among the drafts; without a state when it is not there.
func (p publisher) begun(ctx context.Context) (draft, error) {
	var page struct {
		Items []draft `json:"items"`
	}
	if err := p.author.call(ctx, http.MethodGet, "/authoring/courses?limit=100&org_id="+p.org.String(), nil, &page, nil); err != nil {
		return draft{}, err
	}
	for _, d := range page.Items {
		if d.Title.Zh == p.course.Title.Zh {
			var whole draft
			err := p.author.call(ctx, http.MethodGet, "/authoring/courses/"+d.ID.String(), nil, &whole, nil)
			return whole, err
		}
	}
	return draft{}, nil
}

func (p publisher) write(ctx context.Context) (d draft, err error) {
	c := p.course
	var etag string
	start := map[string]any{"org_id": p.org, "subject": c.Subject, "field_id": c.Field, "title": c.Title, "language": c.Language}
	if err := p.author.call(ctx, http.MethodPost, "/authoring/courses", start, &d, &etag); err != nil {
		return d, err
	}
	path := "/authoring/courses/" + d.ID.String()
	fields := map[string]any{
		"subject": c.Subject, "field_id": c.Field, "language": c.Language, "title": c.Title, "summary": c.Summary,
		"description": c.Description, "outcomes": c.Outcomes, "proposed_hours": c.Hours,
	}
	if err := p.author.call(ctx, http.MethodPut, path, fields, nil, &etag); err != nil {
		return d, err
	}
	outline, err := p.outline(ctx)
	if err != nil {
		return d, err
	}
	if err := p.author.call(ctx, http.MethodPut, path+"/outline", map[string]any{"chapters": outline}, nil, &etag); err != nil {
		return d, err
	}
	return d, p.submitter.call(ctx, http.MethodPost, path+"/submission", nil, &d, &etag)
}

func (p publisher) outline(ctx context.Context) ([]map[string]any, error) {
	var chapters []map[string]any
	for _, c := range p.course.Chapters {
		var lessons []map[string]any
		for _, l := range c.Lessons {
			x, err := p.lesson(ctx, l)
			if err != nil {
				return nil, fmt.Errorf("lesson %s: %w", l.Title.En, err)
			}
			lessons = append(lessons, x)
		}
		chapters = append(chapters, map[string]any{"title": c.Title, "lessons": lessons})
	}
	return chapters, nil
}

func (p publisher) lesson(ctx context.Context, l content.Lesson) (map[string]any, error) {
	out := map[string]any{"kind": l.Kind(), "title": l.Title, "required": l.Required || l.Kind() != "document"}
	switch l.Kind() {
	case "video":
		asset, err := p.upload(ctx, lecture(l.Lecture))
		if err != nil {
			return nil, err
		}
		out["asset_id"] = asset
		out["questions"], err = asksOf(l.Asks)
		return out, err
	case "document":
		return out, p.reading(ctx, l, out)
	}
	out["quiz"] = quizOf(l.Quiz)
	return out, nil
}

func (p publisher) reading(ctx context.Context, l content.Lesson, out map[string]any) error {
	zh, err := p.course.File(l.Reading + ".zh.md")
	if err != nil {
		return err
	}
	en, err := p.course.File(l.Reading + ".en.md")
	if err != nil {
		return err
	}
	out["text"], out["min_s"], out["max_s"] = text{Zh: string(zh), En: string(en)}, l.MinS, l.MaxS
	if l.PDF != "" {
		out["asset_id"], err = p.upload(ctx, file{kind: "document", name: l.PDF + ".pdf"})
	}
	return err
}

func quizOf(q *content.Quiz) map[string]any {
	var questions []map[string]any
	for _, x := range q.Questions {
		var choices []map[string]any
		for _, c := range x.Choices {
			choices = append(choices, map[string]any{"text": c.Text, "correct": c.Right})
		}
		questions = append(questions, map[string]any{"kind": kindOf(x), "stem": x.Stem, "explanation": x.Why, "points": 1, "choices": choices})
	}
	return map[string]any{"pass_mark": q.PassMark, "questions": questions}
}

func asksOf(asks []content.Ask) ([]map[string]any, error) {
	out := []map[string]any{}
	for _, a := range asks {
		at, err := a.Moment()
		if err != nil {
			return nil, fmt.Errorf("a question's moment: %w", err)
		}
		var choices []map[string]any
		for _, c := range a.Choices {
			choices = append(choices, map[string]any{"text": c.Text, "correct": c.Right})
		}
		kind := "single"
		if a.Right() > 1 {
			kind = "multiple"
		}
		out = append(out, map[string]any{"at_ms": at, "kind": kind, "prompt": a.Prompt, "choices": choices})
	}
	return out, nil
}

// kindOf follows from the choices unless the question says its kind.
func kindOf(q content.Question) string {
	if q.Kind != "" {
		return q.Kind
	}
	right := 0
	for _, c := range q.Choices {
		if c.Right {
			right++
		}
	}
	if right > 1 {
		return "multiple_choice"
	}
	return "single_choice"
}

type asset struct {
	ID       uuid.UUID `json:"id"`
	State    string    `json:"state"`
	PartSize int       `json:"part_size"`
	Failure  string    `json:"failure"`
}

// file is what a lesson is made of.
type file struct {
	kind, name string
	captions   map[string]string // by language
}

func lecture(name string) file {
	return file{"video", name + ".mp4", map[string]string{"zh": name + ".zh.vtt", "en": name + ".en.vtt"}}
}

// upload sends a file with its captions and waits until it is ready.
func (p publisher) upload(ctx context.Context, f file) (uuid.UUID, error) {
	data, err := p.course.File(f.name)
	if err != nil {
		return uuid.Nil, err
	}
	var a asset
	begin := map[string]any{"org_id": p.org, "kind": f.kind, "filename": p.course.Slug + "-" + f.name, "size_bytes": len(data)}
	if err := p.author.call(ctx, http.MethodPost, "/media", begin, &a, nil); err != nil {
		return a.ID, err
	}
	path := "/media/" + a.ID.String()
	for n := 0; n*a.PartSize < len(data); n++ {
		part := data[n*a.PartSize : min(len(data), (n+1)*a.PartSize)]
		if err := p.author.send(ctx, http.MethodPut, fmt.Sprintf("%s/parts/%d", path, n), "application/octet-stream", part, nil, nil); err != nil {
			return a.ID, err
		}
	}
	for language, name := range f.captions {
		captions, err := p.course.File(name)
		if err != nil {
			return a.ID, err
		}
		if err := p.author.send(ctx, http.MethodPut, path+"/captions/"+language, "text/vtt", captions, nil, nil); err != nil {
			return a.ID, err
		}
	}
	if err := p.author.call(ctx, http.MethodPost, path+"/completion", nil, nil, nil); err != nil {
		return a.ID, err
	}
	return a.ID, p.packaged(ctx, path)
}

// packaged waits for the workers.
func (p publisher) packaged(ctx context.Context, path string) error {
	for {
		var a asset
		if err := p.author.call(ctx, http.MethodGet, path, nil, &a, nil); err != nil {
			return err
		}
		switch a.State {
		case "ready":
			return nil
		case "failed":
			return fmt.Errorf("the file cannot be prepared: %s", a.Failure)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
}
