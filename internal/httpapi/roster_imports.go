package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// StaffImport is a file of people on its way into an organisation's list.
type StaffImport struct {
	ID         uuid.UUID      `json:"id"`
	OrgID      uuid.UUID      `json:"org_id"`
	Filename   string         `json:"filename"`
	State      string         `json:"state" enum:"uploading,checking,mapping,checked,applying,done,failed" doc:"mapping: its columns are to be named by hand"`
	PartSize   int            `json:"part_size" doc:"Bytes of each part but the last"`
	Parts      int            `json:"parts"`
	Reason     *Text          `json:"reason,omitempty" doc:"Why it failed; then not a single row was taken in"`
	Format     string         `json:"format,omitempty"`
	Headings   []string       `json:"headings"`
	Columns    map[string]int `json:"columns" doc:"Which column, from 0, holds name, email, employee_no, department, position, role, group, hired_on, unit"`
	Total      int            `json:"total"`
	Bad        int            `json:"bad" doc:"Rows that cannot be taken in"`
	Warned     int            `json:"warned"`
	Chosen     int            `json:"chosen"`
	Added      int            `json:"added"`
	Changed    int            `json:"changed" doc:"On the list already"`
	Left       int            `json:"left" doc:"Chosen, but somebody else has got the employee number since"`
	Progress   int64          `json:"progress"`
	ProgressOf int64          `json:"progress_of" doc:"0 while the work has not begun"`
	CreatedAt  time.Time      `json:"created_at"`
	EndedAt    *time.Time     `json:"ended_at,omitempty"`
}

// StaffImportPage is one page, the last first.
type StaffImportPage struct {
	Items      []StaffImport `json:"items"`
	NextCursor *string       `json:"next_cursor" nullable:"true"`
}

// RowProblem is one thing about a row.
type RowProblem struct {
	Field   string `json:"field"`
	Column  string `json:"column,omitempty" doc:"As a spreadsheet names it"`
	Code    string `json:"code"`
	Text    Text   `json:"text"`
	Warning bool   `json:"warning" doc:"The row can be taken in all the same"`
}

// StaffRow is a row as it was read.
type StaffRow struct {
	Row        int          `json:"row" doc:"As the file counts, from 1"`
	Name       string       `json:"name"`
	Email      string       `json:"email"`
	EmployeeNo string       `json:"employee_no"`
	Department string       `json:"department"`
	Position   string       `json:"position"`
	Group      string       `json:"group"`
	Good       bool         `json:"good"`
	Problems   []RowProblem `json:"problems"`
}

// StaffRows is one page of rows, in the file's order.
type StaffRows struct {
	Items []StaffRow `json:"items"`
	Next  *int       `json:"next" nullable:"true" doc:"after of the next page"`
}

// BeginImportInput announces a file.
type BeginImportInput struct {
	IDPath
	Body struct {
		Filename  string `json:"filename" minLength:"1" maxLength:"200"`
		SizeBytes int64  `json:"size_bytes" minimum:"1"`
	}
}

// CheckImportInput names the columns, or leaves them to be recognised.
type CheckImportInput struct {
	IDPath
	Body struct {
		Columns map[string]int `json:"columns,omitempty"`
	}
}

// ImportRowsInput chooses rows.
type ImportRowsInput struct {
	IDPath
	Which string `query:"which" enum:"good,bad,warned"`
	After int    `query:"after" minimum:"0"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// ApplyImportInput chooses the rows to take in; none: all good ones.
type ApplyImportInput struct {
	IDPath
	Body struct {
		Rows []int `json:"rows,omitempty" maxItems:"50000"`
	}
}

// ListOfInput is a page of what belongs to the path's id.
type ListOfInput struct {
	IDPath
	ListInput
}

func (s *Server) registerStaffImports(a huma.API) {
	op := func(id, method, path, summary string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"Staff"}, Summary: summary, DefaultStatus: status}
	}
	register(a, identity.ManageMembers, op("list-staff-imports", http.MethodGet, "/organisations/{id}/staff-imports", "An organisation's imports, the last first", 200), s.listStaffImports)
	register(a, identity.ManageMembers, op("begin-staff-import", http.MethodPost, "/organisations/{id}/staff-imports", "Begin to send a file (CSV or XLSX)", 201), s.beginStaffImport)
	part := op("put-staff-import-part", http.MethodPut, "/staff-imports/{id}/parts/{number}", "Send one part; again is harmless", 204)
	part.MaxBodyBytes = roster.PartSize + 1<<10
	register(a, identity.ManageMembers, part, s.putStaffImportPart)
	register(a, identity.ManageMembers, op("check-staff-import", http.MethodPost, "/staff-imports/{id}/check", "Look the file through without taking anything in", 202), s.checkStaffImport)
	register(a, identity.ManageMembers, op("get-staff-import", http.MethodGet, "/staff-imports/{id}", "Where an import stands", 200), s.getStaffImport)
	register(a, identity.ManageMembers, op("list-staff-import-rows", http.MethodGet, "/staff-imports/{id}/rows", "Its rows with their problems", 200), s.listStaffImportRows)
	register(a, identity.ManageMembers, op("apply-staff-import", http.MethodPost, "/staff-imports/{id}/apply", "Take in all good rows, or chosen ones: all of them or, when it cannot be done, none", 202), s.applyStaffImport)
	register(a, identity.ManageMembers, op("drop-staff-import", http.MethodDelete, "/staff-imports/{id}", "Take an import and its file away; who was taken in stays", 204), s.dropStaffImport)
}

func staffImportOf(i roster.Import) StaffImport {
	out := StaffImport{
		ID: i.ID, OrgID: i.OrgID, Filename: i.Filename, State: string(i.State), PartSize: roster.PartSize, Parts: i.Parts(), Format: i.Format, Headings: i.Headings, Columns: map[string]int{},
		Total: i.Total, Bad: i.Bad, Warned: i.Warned, Chosen: i.Chosen, Added: i.Added, Changed: i.Changed, Left: i.Left, Progress: i.Progress, ProgressOf: i.ProgressOf, CreatedAt: i.Created, EndedAt: i.EndedAt,
	}
	for f, n := range i.Columns {
		out.Columns[string(f)] = n
	}
	if why := roster.Failure(i.Reason); i.State == roster.Failed {
		out.Reason = &Text{why.Text(false), why.Text(true)}
	}
	return out
}

// ownImport is an import into an organisation whose members the actor manages.
func (s *Server) ownImport(ctx context.Context, id uuid.UUID) (roster.Import, error) {
	i, err := s.svc.Roster.Import(ctx, id)
	if err != nil {
		return i, err
	}
	_, err = s.inOrg(ctx, identity.ManageMembers, i.OrgID)
	return i, err
}

func (s *Server) importNow(ctx context.Context, id uuid.UUID) (*Body[StaffImport], error) {
	i, err := s.svc.Roster.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	return &Body[StaffImport]{staffImportOf(i)}, nil
}

func (s *Server) listStaffImports(ctx context.Context, in *ListOfInput) (*Body[StaffImportPage], error) {
	if _, err := s.inOrg(ctx, identity.ManageMembers, in.ID); err != nil {
		return nil, err
	}
	items, next, err := s.svc.Roster.Imports(ctx, in.ID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	page := StaffImportPage{Items: []StaffImport{}, NextCursor: next}
	for _, i := range items {
		page.Items = append(page.Items, staffImportOf(i))
	}
	return &Body[StaffImportPage]{page}, nil
}

func (s *Server) beginStaffImport(ctx context.Context, in *BeginImportInput) (*Body[StaffImport], error) {
	by, err := s.inOrg(ctx, identity.ManageMembers, in.ID)
	if err != nil {
		return nil, err
	}
	i, err := s.svc.Roster.BeginImport(ctx, in.ID, by, in.Body.Filename, in.Body.SizeBytes)
	if err != nil {
		return nil, err
	}
	return &Body[StaffImport]{staffImportOf(i)}, nil
}

func (s *Server) putStaffImportPart(ctx context.Context, in *PutPartInput) (*Empty, error) {
	i, err := s.ownImport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := i.MayCheck(); err != nil {
		return nil, err
	}
	want := min(int64(roster.PartSize), i.Size-int64(in.Number)*roster.PartSize)
	if in.Number >= i.Parts() || int64(len(in.RawBody)) != want {
		return nil, fault.New(fault.Invalid, "this is not a part of the file", fault.Field{Path: "body", Message: "must be as long as the part is"})
	}
	return &Empty{}, s.svc.Roster.PutPart(ctx, i, in.Number, in.RawBody)
}

func (s *Server) checkStaffImport(ctx context.Context, in *CheckImportInput) (*Body[StaffImport], error) {
	if _, err := s.ownImport(ctx, in.ID); err != nil {
		return nil, err
	}
	var columns roster.Columns
	for f, n := range in.Body.Columns {
		if columns == nil {
			columns = roster.Columns{}
		}
		columns[roster.Field(f)] = n
	}
	if err := s.svc.Roster.Check(ctx, in.ID, columns); err != nil {
		return nil, err
	}
	return s.importNow(ctx, in.ID)
}

func (s *Server) getStaffImport(ctx context.Context, in *IDPath) (*Body[StaffImport], error) {
	i, err := s.ownImport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[StaffImport]{staffImportOf(i)}, nil
}

func (s *Server) listStaffImportRows(ctx context.Context, in *ImportRowsInput) (*Body[StaffRows], error) {
	i, err := s.ownImport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.svc.Roster.Rows(ctx, in.ID, roster.RowFilter{Which: in.Which, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	page := StaffRows{Items: []StaffRow{}, Next: next}
	for _, r := range rows {
		page.Items = append(page.Items, staffRowOf(r, i.Columns))
	}
	return &Body[StaffRows]{page}, nil
}

func staffRowOf(r roster.Row, columns roster.Columns) StaffRow {
	out := StaffRow{Row: r.Number, Name: r.Name, Email: r.Email, EmployeeNo: r.EmployeeNo, Department: r.Department, Position: r.Position, Group: r.Group, Good: !roster.Bad(r.Problems), Problems: []RowProblem{}}
	for _, p := range r.Problems {
		q := RowProblem{Field: string(p.Field), Code: p.Code, Text: Text{p.Text(false), p.Text(true)}, Warning: p.Warning()}
		if n, there := columns[p.Field]; there {
			q.Column = columnName(n)
		}
		out.Problems = append(out.Problems, q)
	}
	return out
}

// columnName is how a spreadsheet names a column: A, B, …, Z, AA.
func columnName(n int) string {
	if n < 26 {
		return fmt.Sprintf("%c", 'A'+n)
	}
	return columnName(n/26-1) + columnName(n%26)
}

func (s *Server) applyStaffImport(ctx context.Context, in *ApplyImportInput) (*Body[StaffImport], error) {
	if _, err := s.ownImport(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.svc.Roster.Apply(withOrigin(ctx), in.ID, identity.ActorFrom(ctx).PersonID, in.Body.Rows); err != nil {
		return nil, err
	}
	return s.importNow(ctx, in.ID)
}

func (s *Server) dropStaffImport(ctx context.Context, in *IDPath) (*Empty, error) {
	if _, err := s.ownImport(ctx, in.ID); err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.Drop(ctx, in.ID)
}
