package httpapi

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

const (
	// exportMost bounds one export, in deeds; who needs more takes shorter stretches of time.
	exportMost = 100_000
	exportPage = 1000
	// exportFor bounds how long a client may take to read one.
	exportFor = 2 * time.Minute
)

// registerTrailExport adds the two forms of a whole search. They are deeds
// themselves: who took what is noted before the first line is sent.
func (s *Server) registerTrailExport(a huma.API, tags []string) {
	for _, form := range []struct {
		suffix, summary, media string
		begin                  func(*bufio.Writer) exporter
	}{
		{"csv", "A search as CSV (UTF-8 with a mark, as spreadsheets like it)", "text/csv; charset=utf-8", newCSV},
		{"jsonl", "A search as JSON lines", "application/x-ndjson", newLines},
	} {
		op := huma.Operation{OperationID: "export-audit-trail-" + form.suffix, Method: http.MethodGet, Path: "/audit-events." + form.suffix, Tags: tags,
			Summary: fmt.Sprintf("%s; at most %d deeds, noted in the trail itself", form.summary, exportMost), Parameters: trailParams()}
		s.registerRaw(a, identity.ReadTrail, op, func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, form.media)
			c.Set(fiber.HeaderContentDisposition, `attachment; filename="audit-`+s.now().UTC().Format("20060102-150405")+"."+form.suffix+`"`)
			return s.exportTrail(c, form.suffix, form.begin)
		})
	}
}

// trailParams describes the search of an export, which reads its query by itself.
func trailParams() (out []*huma.Param) {
	for _, name := range []string{"from", "to", "actor", "subject", "action", "object_kind", "object", "org"} {
		out = append(out, &huma.Param{Name: name, In: "query", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(80)}, Description: "As in the search"})
	}
	return out
}

// exporter writes deeds in one form.
type exporter interface {
	Write(e TrailEntry) error
	// End says whether deeds were left out beyond the bound.
	End(more bool) error
}

func (s *Server) exportTrail(c *fiber.Ctx, form string, begin func(*bufio.Writer) exporter) error {
	actor := identity.ActorFrom(c.UserContext())
	in := TrailFilter{From: c.Query("from"), To: c.Query("to"), Actor: c.Query("actor"), Subject: c.Query("subject"), Action: c.Query("action"),
		ObjectKind: c.Query("object_kind"), Object: c.Query("object"), Org: c.Query("org")}
	f, err := in.filter(actor, s.now())
	if err != nil {
		return err
	}
	f.Limit = exportPage
	// The first page is read before the first byte is sent, so that a failure can still be answered.
	first, err := s.svc.Trail.Search(c.UserContext(), f)
	if err != nil {
		return err
	}
	if err := s.svc.Trail.Note(c.UserContext(), exported(actor, f, form)); err != nil {
		return err
	}
	ctx := context.WithoutCancel(c.UserContext())
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		// A panic in here would end the program: no middleware stands above it.
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("export of the trail", "panic", p, "stack", string(debug.Stack()))
			}
		}()
		ctx, cancel := context.WithTimeout(ctx, exportFor)
		defer cancel()
		if err := s.streamTrail(ctx, f, first, begin(w), w); err != nil {
			s.log.WarnContext(ctx, "export of the trail ended early", "error", err)
		}
	})
	return nil
}

// exported is the deed of taking a part of the trail along.
func exported(actor *identity.Actor, f audit.Filter, form string) audit.Event {
	what := map[string]any{"form": form, "from": f.From.UTC(), "to": f.To.UTC()}
	for name, id := range map[string]uuid.UUID{"actor": f.Actor, "subject": f.Subject, "object": f.Object, "org": f.Org} {
		if id != uuid.Nil {
			what[name] = id
		}
	}
	for name, text := range map[string]string{"action": f.Action, "object_kind": f.ObjectKind} {
		if text != "" {
			what[name] = text
		}
	}
	return audit.Event{Actor: actor.PersonID, Action: audit.Export, ObjectKind: "audit_trail", Org: placeOf(f.Scope), After: what}
}

// placeOf is the first place a right is held for, so that others there see the deed.
func placeOf(s audit.Scope) uuid.UUID {
	for _, id := range append(s.Below, s.Here...) {
		return id
	}
	return uuid.Nil
}

// streamTrail asks page by page, so that no connection to the database waits
// for a slow client.
func (s *Server) streamTrail(ctx context.Context, f audit.Filter, list audit.List, out exporter, w *bufio.Writer) (err error) {
	for sent := 0; ; {
		for _, e := range list.Items {
			if err := out.Write(trailEntryOf(e)); err != nil {
				return err
			}
		}
		sent += len(list.Items)
		if list.NextCursor == nil || sent >= exportMost {
			if err := out.End(list.NextCursor != nil); err != nil {
				return err
			}
			return w.Flush()
		}
		if err := w.Flush(); err != nil {
			return err // the client has gone
		}
		f.Cursor = *list.NextCursor
		if list, err = s.svc.Trail.Search(ctx, f); err != nil {
			return err
		}
	}
}

type lines struct{ *json.Encoder }

func newLines(w *bufio.Writer) exporter { return lines{json.NewEncoder(w)} }

func (l lines) Write(e TrailEntry) error { return l.Encode(e) }
func (l lines) End(more bool) error {
	if more {
		return l.Encode(map[string]bool{"more": true})
	}
	return nil
}

type table struct{ *csv.Writer }

func newCSV(w *bufio.Writer) exporter {
	_, _ = w.WriteString("\ufeff") // or spreadsheets take Chinese for something else
	t := table{csv.NewWriter(w)}
	_ = t.Writer.Write([]string{"at", "actor", "actor_id", "action", "object_kind", "object_id", "subject", "subject_id", "org_zh", "org_en", "org_id", "address", "user_agent", "request_id", "before", "after", "id"})
	return t
}

func (t table) Write(e TrailEntry) error {
	actor, subject, place := orEmpty(e.Actor), orEmpty(e.Subject), OrgRef{}
	if e.Org != nil {
		place = *e.Org
	}
	row := []string{e.At.Format(time.RFC3339Nano), actor.Name, idText(actor.ID), e.Action, e.ObjectKind, idText(e.ObjectID), subject.Name, idText(subject.ID),
		place.Name.Zh, place.Name.En, idText(place.ID), e.Address, e.UserAgent, e.RequestID, string(e.Before), string(e.After), idText(e.ID)}
	for i, cell := range row {
		row[i] = inert(cell)
	}
	return t.Writer.Write(row)
}

func (t table) End(more bool) error {
	if more {
		_ = t.Writer.Write([]string{"…"})
	}
	t.Flush()
	return t.Error()
}

// inert keeps a spreadsheet from taking a text for a formula (OWASP, "CSV Injection").
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func orEmpty(p *PersonRef) PersonRef {
	if p == nil {
		return PersonRef{}
	}
	return *p
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
