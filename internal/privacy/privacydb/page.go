package privacydb

import (
	"encoding/json"
	"html/template"
	"io"
	"time"

	"github.com/hourglass-lms/hourglass/internal/privacy"
)

// pageRows bounds what of a table the page shows; all of it is in the JSON files.
const pageRows = 500

// page is what a person reads of their export.
type page struct {
	Zh       bool
	At       string
	holdings []privacy.Holding
	tables   map[string][]*shown
}

// shown is a table on the page.
type shown struct {
	Name string
	Rows []map[string]string
	More bool
}

func newPage(locale string, at time.Time, terms privacy.Terms) *page {
	return &page{Zh: locale != "en", At: at.Format("2006-01-02 15:04 MST"), holdings: privacy.Told(terms), tables: map[string][]*shown{}}
}

// row adds one of a table's.
func (p *page) row(holding, name string, text []byte) {
	list := p.tables[holding]
	var t *shown
	if n := len(list); n > 0 && list[n-1].Name == name {
		t = list[n-1]
	} else {
		t = &shown{Name: name}
		p.tables[holding] = append(list, t)
	}
	if len(t.Rows) >= pageRows {
		t.More = true
		return
	}
	var values map[string]json.RawMessage
	if json.Unmarshal(text, &values) != nil {
		return // its JSON file has it all the same
	}
	row := map[string]string{}
	for k, v := range values {
		var s string
		if string(v) == "null" {
			continue
		}
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		row[k] = s
	}
	t.Rows = append(t.Rows, row)
}

// section is one holding with its tables.
type section struct {
	Name, What, Why, Long string
	Tables                []*shown
}

// Sections are the holdings in the reader's language.
func (p *page) Sections() (out []section) {
	say := func(t privacy.Text) string {
		if p.Zh {
			return t.Zh
		}
		return t.En
	}
	for _, h := range p.holdings {
		out = append(out, section{say(h.Name), say(h.What), say(h.Why), say(h.Long), p.tables[h.Key]})
	}
	return out
}

func (p *page) write(w io.Writer) error { return pageTemplate.Execute(w, p) }

var pageTemplate = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{if .Zh}}zh-CN{{else}}en{{end}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{if .Zh}}我的数据{{else}}My data{{end}}</title>
<style>body{font:16px/1.7 system-ui,"PingFang SC","Noto Sans SC",sans-serif;max-width:820px;margin:40px auto;padding:0 16px;color:#1c2626}
h2{margin-top:48px}summary{cursor:pointer;font-weight:600;padding:6px 0}dl{border-top:1px solid #ccd6d5;margin:0;padding:10px 0;display:grid;grid-template-columns:minmax(110px,200px) 1fr;gap:2px 16px;font-size:14px}
dt{color:#586665;overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}.m{color:#586665}</style>
<h1>{{if .Zh}}我的数据{{else}}My data{{end}}</h1>
<p class="m">{{if .Zh}}导出于 {{.At}}。同样的内容以 JSON 格式存于 data 文件夹，可供其他程序读取。{{else}}Put together on {{.At}}. The same is in the folder "data" as JSON, for other programs to read.{{end}}</p>
{{$zh := .Zh}}{{range .Sections}}<h2>{{.Name}}</h2><p>{{.What}} {{.Why}} {{.Long}}</p>
{{range .Tables}}<details><summary>{{.Name}} ({{len .Rows}}{{if .More}}+{{end}})</summary>
{{range .Rows}}<dl>{{range $k, $v := .}}<dt>{{$k}}</dt><dd>{{$v}}</dd>{{end}}</dl>{{end}}
{{if .More}}<p class="m">{{if $zh}}其余见 JSON 文件。{{else}}The rest is in the JSON file.{{end}}</p>{{end}}</details>
{{else}}<p class="m">{{if $zh}}没有记录。{{else}}Nothing is kept of you here.{{end}}</p>{{end}}{{end}}
</html>
`))
