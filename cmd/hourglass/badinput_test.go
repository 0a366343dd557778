package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// Every operation, by everybody who may call it, with what is wrong in every
// way its own description lets one derive: the answer is always a problem
// document of the right kind, and never a failure of the server.
func TestBadInputIsRefusedByEveryOperation(t *testing.T) {
	t.Parallel()
	_, redis := redistest.NewServer(t)
	env := append(production(t, pgtest.URL(t), redis.URL()), "HOURGLASS_OBJECTS=disk://"+t.TempDir())
	run(t, env, "", "migrate")
	listen := freePort(t)
	server := start(t, append(env, "HOURGLASS_LISTEN="+listen), "serve")
	base := "http://" + listen
	waitReady(t, base)
	s := plant(t, env, []string{base})
	people := map[string]*person{"nobody": newPerson(t, base), "author": s.author, "manager": s.manager, "officer": s.officer}
	spec := people["nobody"].get("/openapi.json")
	asked := 0
	for path, methods := range at[obj](t, spec, "paths") {
		for method, op := range methods.(obj) {
			o := operation{spec: spec, method: strings.ToUpper(method), path: path, described: op.(obj)}
			id, _ := o.described["operationId"].(string)
			refused, leads := toPages[id]
			for _, c := range o.cases(t) {
				for who, p := range people {
					if o.described["operationId"] == "sign-out" && who != "nobody" {
						continue // ends what the other cases need
					}
					asked++
					if leads {
						p.expectPage(c, who, refused)
						continue
					}
					p.expectProblem(o.method, c, who)
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d requests were made", asked)
	}
	if log := server.log.String(); strings.Contains(log, "panic") {
		t.Errorf("the server panicked:\n%s", tail(log, 3000))
	}
}

// operation is one of the description.
type operation struct {
	spec         obj
	method, path string
	described    obj
}

// bad is one request that must be refused.
type bad struct {
	name, path  string
	body        []byte
	contentType string
	wanted      []int // what it may be answered
}

var (
	anyRefusal = []int{400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429}
	unknownID  = uuid.MustParse("01900000-0000-7000-8000-000000000000")
)

func (o operation) cases(t *testing.T) (out []bad) {
	t.Helper()
	good := o.fill(unknownID.String(), "HG-2026-0000-0000-0")
	body, typ := o.body(t)
	add := func(name, path string, body any) {
		data, _ := json.Marshal(body)
		contentType := ""
		if body != nil {
			contentType = "application/json"
		} else {
			data = nil
		}
		out = append(out, bad{name, path, data, contentType, anyRefusal})
	}
	if strings.Contains(o.path, "{") {
		for _, id := range []string{"x", "1", "%00", "..%2f..%2fetc", strings.Repeat("a", 3000), "01900000-0000-7000-8000-00000000000", "💥"} {
			add("the id "+id, o.fill(id, id), body)
		}
		add("an unknown id", good, body)
	}
	for _, query := range []string{"limit=0", "limit=-1", "limit=abc", "limit=99999999999999999999", "cursor=%ff%fe", "cursor=" + strings.Repeat("z", 5000), "nonsense=1"} {
		if o.method == http.MethodGet && (hasParameter(o.described, query) || strings.HasPrefix(query, "nonsense")) && typ == "json" {
			add("the query "+query, good+"?"+query, nil)
		}
	}
	if body == nil {
		return out
	}
	for name, text := range map[string]string{
		"nothing": ``, "no JSON": `{`, "a list": `[]`, "a number": `7`, "null": `null`, "text": `"x"`, "two values": `{}{}`,
		"an unknown field": `{"surely_unknown":1}`, "much nesting": strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000), "invalid UTF-8": "{\"title\":\"\xff\xfe\"}",
	} {
		out = append(out, bad{"a body of " + name, good, []byte(text), "application/json", anyRefusal})
	}
	out = append(out, bad{"a body of 12 MB", good, make([]byte, 12<<20), "application/json", []int{401, 403, 404, 413}})
	for field := range body {
		for _, wrong := range []any{nil, -1, 1e300, true, "", strings.Repeat("长", 40_000), []any{}, obj{}, "\u0000"} {
			changed := obj{}
			for k, v := range body {
				changed[k] = v
			}
			changed[field] = wrong
			c := bad{name: fmt.Sprintf("%s = %.20v", field, wrong), path: good, contentType: "application/json"}
			c.body, _ = json.Marshal(changed)
			out = append(out, c) // some are right: then only a failure of the server is wrong
		}
	}
	return out
}

// toPages are operations that a browser is led to from elsewhere, whatever
// others have added to the address: they lead on to a page of ours, which tells
// what was wrong. What no link of ours can be they may refuse with these.
var toPages = map[string][]int{"finish-organisation-sign-in": nil, "show-unsubscribe": {404}}

func hasParameter(op obj, query string) bool {
	name, _, _ := strings.Cut(query, "=")
	list, _ := op["parameters"].([]any)
	return slices.ContainsFunc(list, func(p any) bool { return p.(obj)["name"] == name })
}

// fill puts values in place of the {names} of the path.
func (o operation) fill(id, serial string) string {
	path := o.path
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		name, after, _ := strings.Cut(rest, "}")
		value := id
		switch name {
		case "serial":
			value = serial
		case "number", "index":
			value = "0"
		case "language":
			value = "zh"
		}
		path = before + value + after
	}
	return path
}

// body is a request that fits the description, as far as types go.
func (o operation) body(t *testing.T) (obj, string) {
	t.Helper()
	request, ok := o.described["requestBody"].(obj)
	if !ok {
		return nil, "json"
	}
	media, ok := at[obj](t, request, "content")["application/json"].(obj)
	if !ok {
		return nil, "raw"
	}
	made, _ := o.example(media["schema"].(obj)).(obj)
	return made, "json"
}

func (o operation) example(schema obj) any {
	if ref, ok := schema["$ref"].(string); ok {
		name := ref[strings.LastIndex(ref, "/")+1:]
		return o.example(o.spec["components"].(obj)["schemas"].(obj)[name].(obj))
	}
	if values, ok := schema["enum"].([]any); ok {
		return values[0]
	}
	switch schema["type"] {
	case "object":
		out := obj{}
		properties, _ := schema["properties"].(obj) // none: any object will do
		for name, p := range properties {
			out[name] = o.example(p.(obj))
		}
		return out
	case "array":
		return []any{}
	case "integer", "number":
		return 1
	case "boolean":
		return false
	}
	if schema["format"] == "uuid" {
		return unknownID.String()
	}
	return "ein Text"
}

// expectPage follows no redirect: it must lead to a page of ours, without a detour.
func (p *person) expectPage(c bad, who string, refused []int) {
	p.t.Helper()
	unled := *p.http
	unled.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	asks := *p
	asks.http = &unled
	res, text := asks.raw(http.MethodGet, c.path, c.contentType, c.body)
	if slices.Contains(refused, res.StatusCode) {
		asks.expectProblem(http.MethodGet, bad{c.name, c.path, c.body, c.contentType, refused}, who)
		return
	}
	where := fmt.Sprintf("GET %.80s by %s with %s", c.path, who, c.name)
	to, err := url.Parse(res.Header.Get("Location"))
	if res.StatusCode != http.StatusSeeOther || err != nil || to.IsAbs() || to.Host != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "/api") {
		p.t.Errorf("%s: %d to %q, %v: %.200s", where, res.StatusCode, res.Header.Get("Location"), err, text)
		return
	}
	if page, text := asks.raw(http.MethodGet, p.base()+to.String(), "", nil); page.StatusCode != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
		p.t.Errorf("%s: the page %s: %d %.200s", where, to, page.StatusCode, text)
	}
}

func (p *person) expectProblem(method string, c bad, who string) {
	p.t.Helper()
	res, text, err := p.ask(method, c.path, c.contentType, c.body)
	if err != nil && len(c.body) > 9<<20 {
		return // the server hung up rather than read so much
	}
	if err != nil {
		p.t.Fatal(err)
	}
	where := fmt.Sprintf("%s %.80s by %s with %s", method, c.path, who, c.name)
	switch {
	case res.StatusCode >= 500:
		p.t.Errorf("%s: %d %s", where, res.StatusCode, text)
		return
	case res.StatusCode < 400:
		if c.wanted != nil {
			p.t.Errorf("%s is taken: %d %.200s", where, res.StatusCode, text)
		}
		return
	case c.wanted != nil && !slices.Contains(c.wanted, res.StatusCode):
		p.t.Errorf("%s: %d %s", where, res.StatusCode, text)
	}
	var problem struct {
		Type   string
		Status int
		Errors []struct{ Location, Message string }
	}
	if err := json.Unmarshal(text, &problem); err != nil || !strings.HasPrefix(problem.Type, "/problems/") || problem.Status != res.StatusCode || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		p.t.Errorf("%s: no problem document: %s %.200s", where, res.Header.Get("Content-Type"), text)
	}
	if problem.Type == "/problems/invalid" && len(problem.Errors) == 0 {
		p.t.Errorf("%s: no field is named: %.200s", where, text)
	}
}
