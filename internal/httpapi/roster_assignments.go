package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// Assignment is a course that people of an organisation are to take, and how it goes.
type Assignment struct {
	ID        uuid.UUID `json:"id"`
	Org       OrgRef    `json:"org"`
	CourseID  uuid.UUID `json:"course_id"`
	Title     Text      `json:"title"`
	DueOn     string    `json:"due_on" format:"date" doc:"The last day, where the organisation is"`
	Note      string    `json:"note"`
	By        string    `json:"by"`
	CreatedAt time.Time `json:"created_at"`
	Groups    []string  `json:"groups"`
	Single    int       `json:"single" doc:"People named one by one"`
	Assigned  int       `json:"assigned" doc:"Joined, and not begun"`
	Begun     int       `json:"begun"`
	Done      int       `json:"done"`
	Overdue   int       `json:"overdue"`
	Waiting   int       `json:"waiting" doc:"Invited, and not yet joined"`
}

// AssignmentPage is one page, the last first.
type AssignmentPage struct {
	Items      []Assignment `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
}

// AssignInput assigns a course.
type AssignInput struct {
	IDPath
	Body struct {
		CourseID uuid.UUID   `json:"course_id"`
		Groups   []uuid.UUID `json:"groups,omitempty" maxItems:"500"`
		Staff    []uuid.UUID `json:"staff,omitempty" maxItems:"500"`
		DueOn    string      `json:"due_on" format:"date"`
		Note     string      `json:"note,omitempty" maxLength:"500" doc:"Why; the people read it"`
	}
}

// Taker is one of the people of an assignment.
type Taker struct {
	StaffMember
	Stage  string     `json:"stage" enum:"assigned,begun,done,overdue"`
	DoneAt *time.Time `json:"done_at,omitempty"`
}

// TakerPage is one page of them.
type TakerPage struct {
	Items      []Taker `json:"items"`
	NextCursor *string `json:"next_cursor" nullable:"true"`
}

// MyAssignment is a course one is to take, and for whom and why.
type MyAssignment struct {
	ID          uuid.UUID  `json:"id"`
	Org         OrgRef     `json:"org"`
	CourseID    uuid.UUID  `json:"course_id"`
	Title       Text       `json:"title"`
	DueOn       string     `json:"due_on" format:"date"`
	Days        int        `json:"days" doc:"Until it is due; negative: since"`
	Note        string     `json:"note"`
	By          string     `json:"by"`
	Stage       string     `json:"stage" enum:"assigned,begun,done,overdue"`
	EnrolmentID *uuid.UUID `json:"enrolment_id,omitempty"`
}

// MyAssignments are one's own, the first due first.
type MyAssignments struct {
	Items []MyAssignment `json:"items"`
}

func (s *Server) registerAssignments(a huma.API) {
	op := func(id, method, path, summary string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"Assignments"}, Summary: summary, DefaultStatus: status}
	}
	register(a, identity.Assign, op("list-assignments", http.MethodGet, "/organisations/{id}/assignments", "What an organisation has assigned", 200), s.listAssignments)
	register(a, identity.Assign, op("assign-course", http.MethodPost, "/organisations/{id}/assignments", "Assign a course to groups or single people; whoever joins a group later has it too", 201), s.assignCourse)
	register(a, identity.Assign, op("get-assignment", http.MethodGet, "/assignments/{id}", "One assignment with how it goes", 200), s.getAssignment)
	register(a, identity.Assign, op("withdraw-assignment", http.MethodDelete, "/assignments/{id}", "Take an assignment back; what was done stays done", 204), s.withdrawAssignment)
	register(a, identity.Assign, op("list-assignment-people", http.MethodGet, "/assignments/{id}/people", "How far each of its people is", 200), s.listTakers)
	register(a, identity.Own, op("list-my-assignments", http.MethodGet, "/me/assignments", "What one is to take, why and until when", 200), s.listMyAssignments)
}

func assignmentOf(a roster.Assignment) Assignment {
	return Assignment{
		ID: a.ID, Org: orgRefOf(a.Org), CourseID: a.Course, Title: Text(a.Title), DueOn: a.DueOn.Format(time.DateOnly), Note: a.Note, By: a.By, CreatedAt: a.CreatedAt, Groups: a.Groups, Single: a.Single,
		Assigned: a.Counts[roster.Assigned], Begun: a.Counts[roster.Begun], Done: a.Counts[roster.Finished], Overdue: a.Counts[roster.Overdue], Waiting: a.Waiting,
	}
}

func (s *Server) ownAssignment(ctx context.Context, id uuid.UUID) (roster.Assignment, error) {
	a, err := s.svc.Roster.Assignment(ctx, id)
	if err != nil {
		return a, err
	}
	if _, err := s.inOrg(ctx, identity.Assign, a.Org.ID); err != nil || !a.Withdrawn {
		return a, err
	}
	return a, errNotYours
}

func (s *Server) listAssignments(ctx context.Context, in *ListOfInput) (*Body[AssignmentPage], error) {
	if _, err := s.inOrg(ctx, identity.Assign, in.ID); err != nil {
		return nil, err
	}
	items, next, err := s.svc.Roster.Assignments(ctx, in.ID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	page := AssignmentPage{Items: []Assignment{}, NextCursor: next}
	for _, a := range items {
		page.Items = append(page.Items, assignmentOf(a))
	}
	return &Body[AssignmentPage]{page}, nil
}

func (s *Server) assignCourse(ctx context.Context, in *AssignInput) (*Body[Assignment], error) {
	by, err := s.inOrg(ctx, identity.Assign, in.ID)
	if err != nil {
		return nil, err
	}
	due, err := time.Parse(time.DateOnly, in.Body.DueOn)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the assignment is not valid", fault.Field{Path: "body.due_on", Message: "must be a date"})
	}
	a, err := s.svc.Roster.Assign(withOrigin(ctx), roster.NewAssignment{Org: in.ID, Course: in.Body.CourseID, Groups: in.Body.Groups, Staff: in.Body.Staff, DueOn: due, Note: in.Body.Note, By: by})
	if err != nil {
		return nil, err
	}
	return &Body[Assignment]{assignmentOf(a)}, nil
}

func (s *Server) getAssignment(ctx context.Context, in *IDPath) (*Body[Assignment], error) {
	a, err := s.ownAssignment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[Assignment]{assignmentOf(a)}, nil
}

func (s *Server) withdrawAssignment(ctx context.Context, in *IDPath) (*Empty, error) {
	a, err := s.ownAssignment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.Withdraw(withOrigin(ctx), a, identity.ActorFrom(ctx).PersonID)
}

func (s *Server) listTakers(ctx context.Context, in *ListOfInput) (*Body[TakerPage], error) {
	if _, err := s.ownAssignment(ctx, in.ID); err != nil {
		return nil, err
	}
	items, next, err := s.svc.Roster.Takers(ctx, in.ID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	page := TakerPage{Items: []Taker{}, NextCursor: next}
	for _, t := range items {
		page.Items = append(page.Items, Taker{staffMemberOf(t.Member), string(t.Stage), t.DoneAt})
	}
	return &Body[TakerPage]{page}, nil
}

func (s *Server) listMyAssignments(ctx context.Context, _ *struct{}) (*Body[MyAssignments], error) {
	items, err := s.svc.Roster.Mine(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	out := MyAssignments{Items: []MyAssignment{}}
	for _, m := range items {
		out.Items = append(out.Items, MyAssignment{
			ID: m.ID, Org: orgRefOf(m.Org), CourseID: m.Course, Title: Text(m.Title), DueOn: m.DueOn.Format(time.DateOnly), Days: m.Days, Note: m.Note, By: m.By, Stage: string(m.Stage), EnrolmentID: m.Enrolment,
		})
	}
	return &Body[MyAssignments]{out}, nil
}
