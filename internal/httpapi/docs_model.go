package httpapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docModel is the API as the page at /api/docs shows it.
type docModel struct {
	Version, Description, Base string
	Groups                     []docGroup
	Shapes                     []docShape
}

type docGroup struct {
	ID, Name   string
	Operations []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, Right string
	Parameters                       []docField
	Body                             *docType
	Answers                          []docAnswer
}

type docAnswer struct {
	Status, Doc string
	Type        docType
}

type docShape struct {
	ID, Name, Doc string
	Properties    []docField
}

type docField struct {
	Name, In, Doc string
	Required      bool
	Type          docType
}

type docType struct{ Text, Link, Bounds string }

func describeAPI(spec *huma.OpenAPI) docModel {
	m := docModel{Version: spec.Info.Version, Description: spec.Info.Description, Base: Base}
	place := map[string]int{}
	for _, op := range operationsOf(spec) {
		tag := "Other"
		if len(op.Tags) > 0 {
			tag = op.Tags[0]
		}
		i, known := place[tag]
		if !known {
			i = len(m.Groups)
			place[tag] = i
			m.Groups = append(m.Groups, docGroup{ID: strings.ToLower(tag), Name: tag})
		}
		m.Groups[i].Operations = append(m.Groups[i].Operations, describeOperation(op))
	}
	shapes := spec.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		m.Shapes = append(m.Shapes, describeShape(name, shapes[name]))
	}
	return m
}

// operationsOf walks the whole API, by path and then by method.
func operationsOf(spec *huma.OpenAPI) []*huma.Operation {
	var out []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		item := spec.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				out = append(out, op)
			}
		}
	}
	return out
}

func describeOperation(op *huma.Operation) docOperation {
	out := docOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Right: fmt.Sprint(op.Metadata[rightKey])}
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, docField{Name: p.Name, In: p.In, Doc: p.Description, Required: p.Required, Type: typeText(p.Schema)})
	}
	if op.RequestBody != nil {
		body := contentType(op.RequestBody.Content)
		out.Body = &body
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		out.Answers = append(out.Answers, docAnswer{Status: status, Doc: r.Description, Type: contentType(r.Content)})
	}
	return out
}

func contentType(content map[string]*huma.MediaType) docType {
	names := slices.Sorted(maps.Keys(content))
	if len(names) == 0 {
		return docType{}
	}
	t := typeText(content[names[0]].Schema)
	if names[0] != "application/json" && names[0] != "application/problem+json" {
		t.Text = names[0]
	}
	return t
}

func describeShape(name string, s *huma.Schema) docShape {
	out := docShape{ID: "shape-" + name, Name: name, Doc: s.Description}
	for _, prop := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[prop]
		out.Properties = append(out.Properties, docField{Name: prop, Doc: p.Description, Required: slices.Contains(s.Required, prop), Type: typeText(p)})
	}
	return out
}

// typeText writes a schema as a person would: "Text[]", "string (uuid)", "a | b".
func typeText(s *huma.Schema) docType {
	switch {
	case s == nil:
		return docType{Text: "bytes"}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return docType{Text: name, Link: "shape-" + name}
	case s.Type == huma.TypeArray:
		t := typeText(s.Items)
		t.Text += "[]"
		return t
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprint(v)
		}
		return docType{Text: strings.Join(words, " | ")}
	}
	t := docType{Text: s.Type, Bounds: bounds(s)}
	if s.Format != "" {
		t.Text += " (" + s.Format + ")"
	}
	if s.Nullable {
		t.Text += " | null"
	}
	return t
}

func bounds(s *huma.Schema) string {
	var out []string
	add := func(sign string, v *float64) {
		if v != nil {
			out = append(out, fmt.Sprintf("%s %g", sign, *v))
		}
	}
	add("≥", s.Minimum)
	add(">", s.ExclusiveMinimum)
	add("≤", s.Maximum)
	if s.MinLength != nil || s.MaxLength != nil {
		out = append(out, lengths(s.MinLength, s.MaxLength)+" characters")
	}
	if s.Default != nil {
		out = append(out, fmt.Sprintf("default %v", s.Default))
	}
	return strings.Join(out, ", ")
}

func lengths(low, high *int) string {
	switch {
	case low == nil:
		return fmt.Sprintf("up to %d", *high)
	case high == nil:
		return fmt.Sprintf("at least %d", *low)
	}
	return fmt.Sprintf("%d–%d", *low, *high)
}
