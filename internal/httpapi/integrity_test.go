package httpapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// drawer is a department's one flag and its one session.
type drawer struct {
	flag    integrity.Flag
	session study.Evidence
	looks   []string
	asked   integrity.Filter
}

func (d *drawer) List(_ context.Context, f integrity.Filter) ([]integrity.Flag, *string, int, error) {
	d.asked = f
	return []integrity.Flag{d.flag}, nil, 1, nil
}

func (d *drawer) Flag(_ context.Context, id uuid.UUID) (integrity.Flag, error) {
	if id != d.flag.ID {
		return integrity.Flag{}, fault.New(fault.NotFound, "none")
	}
	return d.flag, nil
}

func (d *drawer) Decide(ctx context.Context, n integrity.Decision) error {
	if err := n.Check(); err != nil {
		return err
	}
	if !slices.ContainsFunc(n.Depts, func(id uuid.UUID) bool { return slices.Contains(d.flag.Lineage, id) }) {
		return fault.New(fault.NotFound, "none")
	}
	if err := d.flag.Decide(n); err != nil {
		return err
	}
	d.looks = append(d.looks, "decided from "+audit.OriginFrom(ctx).Address)
	d.flag.State, d.flag.Reason, d.flag.DecidedBy, d.flag.DecidedAt = n.State(), n.Reason, &integrity.Person{ID: n.By}, new(time.Now())
	return nil
}

func (d *drawer) Looked(_ context.Context, _ uuid.UUID, _ integrity.Flag, session *uuid.UUID) error {
	what := "flag"
	if session != nil {
		what = "session"
	}
	d.looks = append(d.looks, what)
	return nil
}

func (d *drawer) Records(_ context.Context, person uuid.UUID, _ int, before *int64) ([]study.Record, bool, error) {
	if person != d.session.PersonID || before != nil {
		return nil, false, nil
	}
	return []study.Record{d.session.Record}, true, nil
}

func (d *drawer) RecordsOf(context.Context, []uuid.UUID) ([]study.Record, error) {
	return []study.Record{d.session.Record}, nil
}

func (d *drawer) Evidence(_ context.Context, id uuid.UUID) (study.Evidence, error) {
	if id != d.session.ID {
		return study.Evidence{}, fault.New(fault.NotFound, "none")
	}
	return d.session, nil
}

// sessionOf is a session of 130 beats: two checks passed, one missed, one open.
func sessionOf(person uuid.UUID) (e study.Evidence) {
	e.ID, e.PersonID, e.OpenedMS, e.WindowMS, e.Fence, e.First, e.Whole = uuid.New(), person, 1_795_000_000_000, 120_000, 7, study.NewChain(), true
	at, link := e.OpenedMS, e.First
	for seq := int64(1); seq <= 130; seq++ {
		row := study.Row{Seq: seq, CreditFromMS: at, CreditMS: 15_000, Presence: study.Waiting}
		r := study.Report{State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: (seq - 1) * 15_000, ToMS: seq * 15_000, Rate: 100}}}
		switch seq {
		case 40, 90, 120:
			row.Presence = study.Asked
		case 41:
			row.Presence, r.Reply = study.Passed, &study.Reply{}
		case 100:
			row.Presence = study.Missed
		case 101:
			row.Presence, r.Reply = study.Passed, &study.Reply{}
		}
		at += 15_000
		row.AtMS, row.Report = at, study.PackReport(r)
		link = study.Link(link, e.ID, seq, at, row.Report)
		row.Chain = link
		e.Rows = append(e.Rows, row)
	}
	e.Beats, e.CreditMS = 130, 130*15_000
	return e
}

type office struct {
	kit                                      *httptestkit.Kit
	drawer                                   *drawer
	learner, officer, auditor, other, flagee *httptestkit.Client
}

func newOffice(t *testing.T) office {
	t.Helper()
	dept, elsewhere, employer, person := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	d := &drawer{session: sessionOf(person)}
	d.flag = integrity.Flag{
		ID: uuid.New(), Finding: integrity.Finding{Kind: integrity.Metronome, FromMS: d.session.OpenedMS, ToMS: d.session.OpenedMS + 1, Sessions: []uuid.UUID{d.session.ID}, Figures: integrity.Figures{Intervals: 40}},
		Person: integrity.Person{ID: person, Name: "沈知远"}, Org: org.Ref{ID: employer, Kind: org.Employer}, Lineage: []uuid.UUID{employer, dept}, State: integrity.Open,
	}
	kit := httptestkit.New(t, httpapi.Services{Flags: d, Evidence: d})
	as := func(id uuid.UUID, role identity.Role, in uuid.UUID, kind org.Kind) *httptestkit.Client {
		return kit.As(&identity.Actor{PersonID: id, Memberships: []identity.Membership{{OrgID: in, OrgKind: string(kind), Role: role}}})
	}
	return office{
		kit: kit, drawer: d, learner: as(person, identity.Professional, employer, org.Employer), officer: as(uuid.New(), identity.DepartmentOfficer, dept, org.PersonnelDepartment),
		auditor: as(uuid.New(), identity.Auditor, dept, org.PersonnelDepartment), other: as(uuid.New(), identity.DepartmentOfficer, elsewhere, org.PersonnelDepartment),
		flagee: as(person, identity.DepartmentOfficer, dept, org.PersonnelDepartment),
	}
}

func TestEvidenceSaysWhatBecameOfEverySecond(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := "/me/study-sessions/" + o.drawer.session.ID.String() + "/evidence"
	var e httpapi.SessionEvidence
	o.learner.Get(path).OK(200).Into(&e)
	if e.ConfirmedS != 42*15 || e.ForfeitedS != 59*15 || e.PendingS != 29*15 || !e.Whole || !e.Intact {
		t.Errorf("confirmed %d, forfeited %d, pending %d, whole %v, intact %v", e.ConfirmedS, e.ForfeitedS, e.PendingS, e.Whole, e.Intact)
	}
	if len(e.BeatsMS) != 130 || len(e.Rows) != 50 || e.NextSeq == nil || *e.NextSeq != 50 {
		t.Errorf("%d beats, %d rows, next %v", len(e.BeatsMS), len(e.Rows), e.NextSeq)
	}
	var outcomes []string
	for _, c := range e.Checks {
		outcomes = append(outcomes, c.Outcome)
	}
	if want := []string{"passed", "missed", "passed", "open"}; !slices.Equal(outcomes, want) {
		t.Errorf("checks %v, want %v", outcomes, want)
	}
	o.learner.Get(path + "?after_seq=100&limit=200").OK(200).Into(&e)
	if len(e.Rows) != 30 || e.NextSeq != nil {
		t.Errorf("%d rows after the hundredth, next %v", len(e.Rows), e.NextSeq)
	}
	o.drawer.session.Rows[17].AtMS++
	if o.learner.Get(path).OK(200).Into(&e); e.Intact {
		t.Error("a changed beat was not noticed")
	}
	o.drawer.session.Rows, o.drawer.session.Whole = nil, false
	if o.learner.Get(path).OK(200).Into(&e); e.Whole || e.Intact || e.Beats != 130 || e.CreditS != 1950 {
		t.Errorf("a compacted session shows %+v", e)
	}
	o.officer.Get(path).Problem(http.StatusNotFound, "not-found")
	o.learner.Get("/me/study-sessions/"+uuid.NewString()+"/evidence").Problem(http.StatusNotFound, "not-found")
	o.learner.Get(path+"?limit=201").Problem(http.StatusUnprocessableEntity, "invalid")
}

func TestOwnSessionsAreListed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var page httpapi.SessionRecords
	o.learner.Get("/me/study-sessions").OK(200).Into(&page)
	if len(page.Items) != 1 || page.NextCursor == nil || *page.NextCursor != "7" {
		t.Errorf("page %+v", page)
	}
	o.learner.Get("/me/study-sessions?cursor=x").Problem(http.StatusUnprocessableEntity, "invalid")
	if o.officer.Get("/me/study-sessions").OK(200).Into(&page); len(page.Items) != 0 {
		t.Errorf("another person sees %+v", page.Items)
	}
}

func TestAFlagIsForTheOfficersAboveItAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	flag := "/integrity-flags/" + o.drawer.flag.ID.String()
	session := flag + "/sessions/" + o.drawer.session.ID.String()
	for _, path := range []string{flag, session} {
		o.learner.Get(path).Problem(http.StatusForbidden, "forbidden")
		o.other.Get(path).Problem(http.StatusNotFound, "not-found")
	}
	o.officer.Get(flag+"/sessions/"+uuid.NewString()).Problem(http.StatusNotFound, "not-found")
	if len(o.drawer.looks) != 0 {
		t.Errorf("refusals left traces of looks: %v", o.drawer.looks)
	}
	var d httpapi.FlagDetail
	o.officer.Get(flag).OK(200).Into(&d)
	if !d.MayDecide || d.Found.Zh == "" || d.Doubt.En == "" || len(d.SessionList) != 1 {
		t.Errorf("the officer sees %+v", d)
	}
	o.officer.Get(session).OK(200)
	if o.auditor.Get(flag).OK(200).Into(&d); d.MayDecide {
		t.Error("an auditor may decide")
	}
	if o.flagee.Get(flag).OK(200).Into(&d); d.MayDecide {
		t.Error("somebody may decide about themselves")
	}
	if want := []string{"flag", "session", "flag", "flag"}; !slices.Equal(o.drawer.looks, want) {
		t.Errorf("looks %v, want %v", o.drawer.looks, want)
	}
	o.officer.Get("/integrity-flags?state=upheld&kind=metronome&severity=notice").OK(200)
	if f := o.drawer.asked; f.State != integrity.Upheld || f.Kind != integrity.Metronome || f.Severity != integrity.Notice || len(f.Depts) != 1 {
		t.Errorf("asked %+v", f)
	}
	o.officer.Get("/integrity-flags?kind=witchcraft").Problem(http.StatusUnprocessableEntity, "invalid")
}

func TestADecisionWantsAReasonAndIsMadeOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := "/integrity-flags/" + o.drawer.flag.ID.String() + "/decision"
	decide := func(decision, reason string) map[string]string {
		return map[string]string{"decision": decision, "reason": reason}
	}
	o.auditor.Post(path, decide("uphold", "x")).Problem(http.StatusForbidden, "forbidden")
	o.other.Post(path, decide("uphold", "x")).Problem(http.StatusNotFound, "not-found")
	o.flagee.Post(path, decide("dismiss", "x")).Problem(http.StatusForbidden, "own-flag")
	for _, body := range []map[string]string{decide("uphold", ""), decide("uphold", "  "), decide("perhaps", "x"), decide("uphold", strings.Repeat("x", 2001)), {"decision": "uphold"}} {
		o.officer.Post(path, body).Problem(http.StatusUnprocessableEntity, "invalid")
	}
	var d httpapi.FlagDetail
	o.officer.Post(path, decide("uphold", " 用脚本学习 ")).OK(200).Into(&d)
	if d.State != "upheld" || d.Reason != "用脚本学习" || d.MayDecide || d.DecidedBy == nil {
		t.Errorf("decided %+v", d)
	}
	o.officer.Post(path, decide("dismiss", "x")).Problem(http.StatusConflict, "already-decided")
	if len(o.drawer.looks) != 1 || !strings.HasPrefix(o.drawer.looks[0], "decided from 0.0.0.0") {
		t.Errorf("traces %v", o.drawer.looks)
	}
}
