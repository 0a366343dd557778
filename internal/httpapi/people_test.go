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
	"github.com/hourglass-lms/hourglass/internal/people"
)

// drawerOfPeople is a store of one document and one request between two records.
type drawerOfPeople struct {
	owner, joining uuid.UUID
	document       people.Document
	review         people.Review
	scope          identity.Scope
	from           string
}

func (d *drawerOfPeople) Mine(_ context.Context, person uuid.UUID) (*people.Held, *people.Merge, error) {
	if person == d.joining {
		return nil, &d.review.Merge, nil
	}
	if person != d.owner {
		return nil, nil, nil
	}
	held := d.document.Masked(time.Now())
	return &held, nil, nil
}

func (d *drawerOfPeople) Full(ctx context.Context, person uuid.UUID) (people.Document, error) {
	d.from = audit.OriginFrom(ctx).Address
	if person != d.owner {
		return people.Document{}, fault.New(fault.NotFound, "none")
	}
	return d.document, nil
}

func (d *drawerOfPeople) Enter(_ context.Context, _ uuid.UUID, doc people.Document, _ string, consent int) (people.Outcome, error) {
	if consent != 1 {
		return people.Outcome{}, fault.New(fault.Conflict, "another text")
	}
	_, err := doc.Checked(time.Now())
	return people.Outcome{}, err
}

func (d *drawerOfPeople) Withdraw(context.Context, uuid.UUID) error { return nil }

func (d *drawerOfPeople) Merges(_ context.Context, scope identity.Scope, _ people.MergeState, _ int, _ *uuid.UUID) ([]people.Merge, bool, error) {
	d.scope = scope
	return []people.Merge{d.review.Merge}, true, nil
}

func (d *drawerOfPeople) Review(_ context.Context, scope identity.Scope, id uuid.UUID) (people.Review, error) {
	d.scope = scope
	if id != d.review.ID {
		return people.Review{}, fault.New(fault.NotFound, "none")
	}
	return d.review, nil
}

func (d *drawerOfPeople) Decide(_ context.Context, _ identity.Scope, x people.Decision) error {
	if _, err := x.Checked(); err != nil {
		return err
	}
	if err := d.review.Decidable(x.By); err != nil {
		return err
	}
	d.review.State, d.review.Reason = people.MergeRefused, x.Reason
	if x.Accept {
		d.review.State = people.MergeDone
	}
	return nil
}

const number = "11010519491231002X"

func newPeople(t *testing.T) (*httptestkit.Kit, *drawerOfPeople) {
	t.Helper()
	d := &drawerOfPeople{owner: uuid.New(), joining: uuid.New(), document: people.Document{Kind: people.ResidentCard, Name: "张无三", Number: number}}
	d.review = people.Review{
		Merge:  people.Merge{ID: uuid.New(), State: people.MergeOpen, Kind: people.ResidentCard, At: time.Now()},
		Keeper: people.Side{PersonID: d.owner, Document: d.document.Masked(time.Now())}, Joining: people.Side{PersonID: d.joining, Document: d.document.Masked(time.Now())},
	}
	return httptestkit.New(t, httpapi.Services{People: d}), d
}

func TestADocumentIsMaskedEverywhereButForItsOwnerWhoAsks(t *testing.T) {
	t.Parallel()
	kit, d := newPeople(t)
	me, other := kit.As(&identity.Actor{PersonID: d.owner}), kit.As(&identity.Actor{PersonID: uuid.New()})
	var mine httpapi.MyIdentity
	a := me.Get("/me/identity").OK(http.StatusOK).Into(&mine)
	if mine.Document.Number != "11010*********002X" || mine.Document.Name != "张*三" || strings.Contains(string(a.Body), "1949") {
		t.Errorf("shown %s", a.Body)
	}
	var full httpapi.FullDocument
	a = me.Get("/me/identity/full").OK(http.StatusOK).Into(&full)
	if full.Number != number || d.from == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("full %+v from %q, kept %q", full, d.from, a.Header.Get("Cache-Control"))
	}
	other.Get("/me/identity/full").Problem(http.StatusNotFound, "not-found")
	officer := kit.As(&identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: uuid.New(), OrgKind: "personnel_department", Role: identity.DepartmentOfficer}}})
	for _, path := range []string{"/merge-requests", "/merge-requests/" + d.review.ID.String()} {
		a := officer.Get(path).OK(http.StatusOK)
		for _, told := range []string{"1949", "无", d.owner.String(), d.joining.String()} {
			if strings.Contains(string(a.Body), told) {
				t.Errorf("%s tells %q", path, told)
			}
		}
	}
}

func TestWhatIsWrongWithADocumentIsNamedAndNotRepeated(t *testing.T) {
	t.Parallel()
	kit, d := newPeople(t)
	me := kit.As(&identity.Actor{PersonID: d.owner})
	doc := func(kind, name, number string, consent int) map[string]any {
		return map[string]any{"kind": kind, "name": name, "number": number, "consent_version": consent}
	}
	me.Put("/me/identity", doc("resident_card", "张无三", number, 1)).OK(http.StatusOK)
	for _, tc := range []struct {
		body  map[string]any
		field string
	}{
		{doc("resident_card", "张无三", "110105194912310029", 1), "body.number"},
		{doc("resident_card", "张😀三", number, 1), "body.name"},
		{doc("resident_card", strings.Repeat("张", 200), number, 1), "body.name"},
		{doc("resident_card", strings.Repeat("张", 201), number, 1), "body.name"},
		{doc("library_card", "张无三", number, 1), "body.kind"},
		{doc("passport", "张无三", strings.Repeat("1949", 21), 1), "body.number"},
		{doc("resident_card", "张无三", number, 0), "body.consent_version"},
	} {
		a := me.Put("/me/identity", tc.body)
		p := a.Problem(http.StatusUnprocessableEntity, "invalid")
		if !slices.ContainsFunc(p.Errors, func(f httpapi.InvalidField) bool { return f.Location == tc.field }) || strings.Contains(string(a.Body), "1949") || strings.Contains(string(a.Body), "无") {
			t.Errorf("%s: %s", tc.field, a.Body)
		}
	}
	var theirs httpapi.MyIdentity
	a := kit.As(&identity.Actor{PersonID: d.joining}).Get("/me/identity").OK(http.StatusOK).Into(&theirs)
	if theirs.Merge == nil || theirs.Merge.State != "open" || strings.Contains(string(a.Body), d.owner.String()) {
		t.Errorf("who asked sees %s", a.Body)
	}
}

func TestMergesAreDecidedOnceWithAReasonAndNotByThoseTheyConcern(t *testing.T) {
	t.Parallel()
	kit, d := newPeople(t)
	dept := uuid.New()
	as := func(person uuid.UUID, kind string) *httptestkit.Client {
		return kit.As(&identity.Actor{PersonID: person, Memberships: []identity.Membership{{OrgID: dept, OrgKind: kind, Role: identity.DepartmentOfficer}}})
	}
	officer, path := as(uuid.New(), "personnel_department"), "/merge-requests/"+d.review.ID.String()
	decide := func(decision, reason string) map[string]string {
		return map[string]string{"decision": decision, "reason": reason}
	}
	as(uuid.New(), "industry_department").Get("/merge-requests").OK(http.StatusOK)
	if len(d.scope.Below)+len(d.scope.Here) != 0 || d.scope.Everywhere {
		t.Errorf("an industry department sees %+v", d.scope)
	}
	officer.Get("/merge-requests").OK(http.StatusOK)
	if !slices.Equal(d.scope.Below, []uuid.UUID{dept}) {
		t.Errorf("asked for %+v", d.scope)
	}
	officer.Get("/merge-requests?cursor=x").Problem(http.StatusUnprocessableEntity, "invalid")
	officer.Get("/merge-requests/"+uuid.NewString()).Problem(http.StatusNotFound, "not-found")
	as(d.owner, "personnel_department").Post(path+"/decision", decide("merge", "x")).Problem(http.StatusForbidden, "own-merge")
	as(d.joining, "personnel_department").Post(path+"/decision", decide("merge", "x")).Problem(http.StatusForbidden, "own-merge")
	for _, body := range []map[string]string{decide("merge", ""), decide("merge", "  "), decide("perhaps", "x"), {"decision": "merge"}} {
		officer.Post(path+"/decision", body).Problem(http.StatusUnprocessableEntity, "invalid")
	}
	var r httpapi.MergeReview
	officer.Post(path+"/decision", decide("merge", "同一人")).OK(http.StatusOK).Into(&r)
	if r.State != "merged" || r.MayDecide {
		t.Errorf("decided %+v", r)
	}
	officer.Post(path+"/decision", decide("refuse", "x")).Problem(http.StatusConflict, "already-decided")
}
