package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/sheet"
)

func (s *Server) registerRosterFiles(a huma.API) {
	raw := func(right identity.Right, id, path, summary string, h fiber.Handler) {
		op := huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{"Staff"}, Summary: summary}
		op.Parameters = []*huma.Param{{Name: "lang", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"zh", "en"}}, Description: "Of the headings"}}
		s.registerRaw(a, right, op, h)
	}
	for _, format := range []string{"csv", "xlsx"} {
		raw(identity.SeePeople, "export-staff-"+format, "/organisations/{id}/staff."+format, "An organisation's list as "+format+"; noted in the audit trail", s.exportStaff(format))
		raw(identity.ManageMembers, "get-staff-template-"+format, "/staff-template."+format, "A file to fill in and import", s.staffTemplate(format))
		raw(identity.Assign, "export-assignment-"+format, "/assignments/{id}/people."+format, "Who has done what was assigned, as "+format, s.exportTakers(format))
	}
	raw(identity.ManageMembers, "export-staff-import-problems", "/staff-imports/{id}/problems.csv", "Every problem of a file by row and column", s.exportProblems)
}

func inEnglish(c *fiber.Ctx) bool { return c.Query("lang") == "en" }

var fileTypes = map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// sendTable writes a table to a file of its own and sends that: a database
// that fails half way gives an error and not half a table.
func sendTable(c *fiber.Ctx, format, name string, widths []float64, fill func(sheet.Writer) error) (err error) {
	f, err := os.CreateTemp("", "hourglass-export-")
	if err != nil {
		return err
	}
	defer func() {
		_ = os.Remove(f.Name())
		if err != nil {
			_ = f.Close()
		}
	}()
	var w sheet.Writer
	if format == "xlsx" {
		w, err = sheet.NewXLSX(f, widths)
	} else {
		w, err = sheet.NewCSV(f)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(fill(w), w.Close()); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fileTypes[format])
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name+"."+format))
	c.Context().SetBodyStream(f, int(size)) // closed at its end
	return nil
}

func heads(english bool, fields ...roster.Field) (out []string) {
	for _, f := range fields {
		out = append(out, f.Heading(english))
	}
	return out
}

func either(english bool, zh, en string) string {
	if english {
		return en
	}
	return zh
}

// words of what is exported.
var stateWords = map[string]Text{
	"invited": {"已邀请，未加入", "invited"}, "joined": {"已加入", "joined"}, "left": {"已离开", "left"},
	"assigned": {"未开始", "not begun"}, "begun": {"学习中", "begun"}, "done": {"已完成", "done"}, "overdue": {"已逾期", "overdue"},
}

func word(english bool, code string) string {
	return either(english, stateWords[code].Zh, stateWords[code].En)
}

func memberCells(m roster.Member, english bool) []string {
	hired := ""
	if m.HiredOn != nil {
		hired = m.HiredOn.Format(time.DateOnly)
	}
	return []string{m.Name, m.Email, m.EmployeeNo, m.Department, m.Position, strings.Join(m.Groups, "; "), hired, word(english, string(m.State))}
}

func memberHeads(english bool) []string {
	return append(heads(english, roster.Name, roster.Email, roster.EmployeeNo, roster.Department, roster.Position, roster.InGroup, roster.HiredOn), either(english, "状态", "State"))
}

var memberWidths = []float64{16, 28, 14, 20, 16, 20, 12, 14}

func (s *Server) exportStaff(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id, err := idIn(c, "id")
		if err != nil {
			return err
		}
		ctx := withOrigin(c.UserContext())
		by, err := s.inOrg(ctx, identity.SeePeople, id)
		if err != nil {
			return err
		}
		english := inEnglish(c)
		return sendTable(c, format, "staff", memberWidths, func(w sheet.Writer) error {
			if err := w.Write(memberHeads(english)); err != nil {
				return err
			}
			return s.svc.Roster.Export(ctx, id, by, format, func(m roster.Member) error { return w.Write(memberCells(m, english)) })
		})
	}
}

func (s *Server) staffTemplate(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return sendTable(c, format, "staff-template", []float64{16, 28, 14, 20, 16, 16, 16, 14, 24}, func(w sheet.Writer) error {
			return w.Write(heads(inEnglish(c), roster.Fields...))
		})
	}
}

func (s *Server) exportTakers(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id, err := idIn(c, "id")
		if err != nil {
			return err
		}
		ctx, english := c.UserContext(), inEnglish(c)
		if _, err := s.ownAssignment(ctx, id); err != nil {
			return err
		}
		return sendTable(c, format, "assignment", memberWidths, func(w sheet.Writer) error {
			if err := w.Write(append(memberHeads(english), either(english, "进度", "Progress"), either(english, "完成时间", "Done at"))); err != nil {
				return err
			}
			return s.everyTaker(ctx, id, func(t roster.Taker) error {
				done := ""
				if t.DoneAt != nil {
					done = t.DoneAt.UTC().Format(time.RFC3339)
				}
				return w.Write(append(memberCells(t.Member, english), word(english, string(t.Stage)), done))
			})
		})
	}
}

func (s *Server) everyTaker(ctx context.Context, id uuid.UUID, each func(roster.Taker) error) error {
	for cursor := ""; ; {
		some, next, err := s.svc.Roster.Takers(ctx, id, 2000, cursor)
		if err != nil {
			return err
		}
		for _, t := range some {
			if err := each(t); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		cursor = *next
	}
}

func (s *Server) exportProblems(c *fiber.Ctx) error {
	id, err := idIn(c, "id")
	if err != nil {
		return err
	}
	ctx, english := c.UserContext(), inEnglish(c)
	i, err := s.ownImport(ctx, id)
	if err != nil {
		return err
	}
	if i.CheckedAt == nil {
		return fault.Coded(fault.Conflict, "import-not-checked", "The file has not been looked through yet.")
	}
	return sendTable(c, "csv", "problems", nil, func(w sheet.Writer) error {
		head := []string{either(english, "行", "Row"), either(english, "列", "Column"), either(english, "栏目", "Field"), either(english, "能否导入", "Taken in"), either(english, "问题", "Problem")}
		if err := w.Write(head); err != nil {
			return err
		}
		for after := 0; ; {
			rows, next, err := s.svc.Roster.Rows(ctx, id, roster.RowFilter{After: after, Limit: 2000})
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := writeProblems(w, staffRowOf(r, i.Columns), english); err != nil {
					return err
				}
			}
			if next == nil {
				return nil
			}
			after = *next
		}
	})
}

func writeProblems(w sheet.Writer, r StaffRow, english bool) error {
	for _, p := range r.Problems {
		cells := []string{strconv.Itoa(r.Row), p.Column, roster.Field(p.Field).Heading(english), either(english, map[bool]string{true: "能", false: "不能"}[r.Good], map[bool]string{true: "yes", false: "no"}[r.Good]), either(english, p.Text.Zh, p.Text.En)}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	return nil
}
