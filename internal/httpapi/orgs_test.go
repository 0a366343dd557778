package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// orgDesk is the edge with real organisations behind it: a province with a city, a
// school and two employers, and another province.
type orgDesk struct {
	kit                                        *httptestkit.Kit
	db                                         *pg.DB
	store                                      *orgdb.Store
	province, other, city, school, works, next uuid.UUID
	officer, stranger, manager, boss, auditor  *httptestkit.Client
	bossRole                                   uuid.UUID
}

// proven is a store whose proofs are the ids themselves.
type proven struct{ *orgdb.Store }

func (proven) Proved(token string) (uuid.UUID, bool) {
	id, err := uuid.Parse(token)
	return id, err == nil
}

// addresses knows by which address somebody signs in.
type addresses struct {
	httpapi.Accounts
	db *pg.DB
}

func (a addresses) Profile(ctx context.Context, person uuid.UUID) (p identity.Profile, err error) {
	return p, a.db.Pool().QueryRow(ctx, `SELECT email FROM accounts WHERE person_id = $1`, person).Scan(&p.Email)
}

func newOrgDesk(t *testing.T) *orgDesk {
	t.Helper()
	d := &orgDesk{db: pgtest.New(t)}
	d.store = orgdb.With(d.db, orgdb.Options{Trail: auditdb.Append, Address: identity.MailAddress})
	s := proven{d.store}
	d.kit = httptestkit.New(t, httpapi.Services{Accounts: addresses{db: d.db}, Organisations: s, Tree: s, Members: s, Invitations: s})
	plant := func(kind org.Kind, level org.Level, name string, parent uuid.UUID) uuid.UUID {
		n := org.New{Kind: kind, Level: level, NameZh: name}
		if parent != uuid.Nil {
			n.ParentID = &parent
		}
		o, err := d.store.CreateOrganisation(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	d.province = plant(org.PersonnelDepartment, org.Provincial, "省厅", uuid.Nil)
	d.other = plant(org.PersonnelDepartment, org.Provincial, "邻省厅", uuid.Nil)
	d.city = plant(org.PersonnelDepartment, org.Municipal, "市局", d.province)
	d.school = plant(org.TeachingInstitution, "", "学院", d.city)
	d.works = plant(org.Employer, "", "工厂", d.city)
	d.next = plant(org.Employer, "", "新厂", d.province)
	d.officer, _ = d.signIn(t, "officer@x.cn", d.province, org.PersonnelDepartment, org.DepartmentOfficer)
	d.stranger, _ = d.signIn(t, "stranger@x.cn", d.other, org.PersonnelDepartment, org.DepartmentOfficer)
	d.manager, _ = d.signIn(t, "manager@x.cn", d.school, org.TeachingInstitution, org.InstitutionManager)
	d.boss, d.bossRole = d.signIn(t, "boss@x.cn", d.works, org.Employer, org.EmployerOfficer)
	d.auditor, _ = d.signIn(t, "auditor@x.cn", d.province, org.PersonnelDepartment, org.Auditor)
	return d
}

// signIn makes a person with a role, and answers with the role's id.
func (d *orgDesk) signIn(t *testing.T, email string, at uuid.UUID, kind org.Kind, role org.Role) (*httptestkit.Client, uuid.UUID) {
	t.Helper()
	id := uuid.New()
	for _, sql := range []string{
		`INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`,
		`INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, $2, '-', now(), now())`,
	} {
		if _, err := d.db.Pool().Exec(t.Context(), sql, id, email); err != nil {
			t.Fatal(err)
		}
	}
	m, err := d.store.AddMembership(t.Context(), id, at, role)
	if err != nil {
		t.Fatal(err)
	}
	return d.kit.As(&identity.Actor{PersonID: id, Memberships: []identity.Membership{{OrgID: at, OrgKind: string(kind), Role: role}}}), m.ID
}

type object = map[string]any

func at(id uuid.UUID, rest string) string { return "/organisations/" + id.String() + rest }

func TestTheTreeIsManagedWithinOnesJurisdiction(t *testing.T) {
	t.Parallel()
	d := newOrgDesk(t)
	employer := object{"kind": "employer", "ownership": "social_organisation", "name_zh": "协会🏭", "name_en": "Guild", "parent_id": d.city}
	var made httpapi.Org
	d.officer.Post("/organisations", employer).OK(201).Into(&made)
	if made.Ownership != "social_organisation" || made.Parent.ID != d.city || !made.May.Place || !made.May.Members {
		t.Errorf("made %+v", made)
	}
	d.officer.Post("/organisations", employer).Problem(http.StatusConflict, "conflict")
	d.stranger.Post("/organisations", employer).Problem(http.StatusNotFound, "not-found")
	bad := object{"kind": "personnel_department", "level": "national", "ownership": "state", "name_zh": "省\u202e厅", "parent_id": d.city}
	if p := d.officer.Post("/organisations", bad).Problem(http.StatusUnprocessableEntity, "invalid"); len(p.Errors) != 3 || !strings.HasPrefix(p.Errors[0].Location, "body.") {
		t.Errorf("it names %+v", p.Errors)
	}
	d.officer.Post("/organisations", object{"kind": "employer", "name_zh": strings.Repeat("厂", 201), "parent_id": d.city}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.officer.Patch(at(made.ID, ""), object{"name_zh": "行会"}).OK(200).Into(&made)
	if made.Name.Zh != "行会" || made.Name.En != "Guild" {
		t.Errorf("renamed %+v", made.Name)
	}
	for _, who := range []*httptestkit.Client{d.stranger} {
		who.Patch(at(made.ID, ""), object{"name_zh": "x"}).Problem(http.StatusNotFound, "not-found")
		who.Get(at(d.city, "/below")).Problem(http.StatusNotFound, "not-found")
		who.Post(at(made.ID, "/closure"), object{"reason": "x"}).Problem(http.StatusNotFound, "not-found")
		who.Post(at(made.ID, "/move"), object{"parent_id": d.other}).Problem(http.StatusNotFound, "not-found")
		who.Post(at(made.ID, "/merger"), object{"into": d.next, "reason": "x"}).Problem(http.StatusNotFound, "not-found")
	}
	d.officer.Post(at(made.ID, "/move"), object{"parent_id": d.other}).Problem(http.StatusNotFound, "not-found")
	d.officer.Post(at(d.city, "/move"), object{"parent_id": d.city}).Problem(http.StatusConflict, "below-itself")
	d.officer.Post(at(d.city, "/closure"), object{"reason": "x"}).Problem(http.StatusConflict, "not-empty")
	d.officer.Post(at(d.city, "/merger"), object{"into": d.province, "reason": "x"}).Problem(http.StatusNotFound, "not-found")
	d.officer.Post(at(made.ID, "/move"), object{"parent_id": d.province}).OK(200).Into(&made)
	d.officer.Post(at(made.ID, "/closure"), object{}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.officer.Post(at(d.works, "/merger"), object{"into": d.next, "reason": "重组"}).OK(200).Into(&made)
	if made.Successor == nil || made.Successor.ID != d.next || made.ClosedAt == nil || made.May.Change || made.May.Place {
		t.Errorf("merged %+v", made)
	}
	var below httpapi.OrgBranch
	d.officer.Get(at(d.province, "/below")).OK(200).Into(&below)
	if len(below.Items) != 3 {
		t.Errorf("below the province %+v", below.Items)
	}
	if d.officer.Get(at(d.city, "/below?state=closed")).OK(200).Into(&below); len(below.Items) != 1 || below.Items[0].Successor == nil {
		t.Errorf("closed below the city %+v", below.Items)
	}
}

func TestAccreditationIsAskedForDecidedAboveAndPublic(t *testing.T) {
	t.Parallel()
	d := newOrgDesk(t)
	apply, decide := at(d.school, "/accreditation/application"), at(d.school, "/accreditation/decision")
	year := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	d.stranger.Post(decide, object{"decision": "accredit", "until": year}).Problem(http.StatusNotFound, "not-found")
	d.boss.Post(decide, object{"decision": "accredit", "until": year}).Problem(http.StatusForbidden, "forbidden")
	d.officer.Post(apply, object{}).Problem(http.StatusNotFound, "not-found")
	d.manager.Post(apply, object{"statement": "教师十人"}).OK(200)
	d.manager.Post(apply, object{}).Problem(http.StatusConflict, "already-applied")
	var queue httpapi.OrgBranch
	if d.officer.Get("/accreditations").OK(200).Into(&queue); len(queue.Items) != 1 || queue.Items[0].Accreditation.Pending.By == nil || queue.Items[0].Accreditation.Pending.Reason != "教师十人" {
		t.Errorf("the queue %+v", queue.Items)
	}
	if d.stranger.Get("/accreditations").OK(200).Into(&queue); len(queue.Items) != 0 {
		t.Errorf("a stranger's queue %+v", queue.Items)
	}
	if p := d.officer.Post(decide, object{"decision": "refuse"}).Problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Location != "body.reason" {
		t.Errorf("it names %+v", p.Errors)
	}
	d.officer.Post(decide, object{"decision": "accredit", "until": "2020-02-30"}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.officer.Post(decide, object{"decision": "accredit", "until": year}).OK(200)
	d.officer.Post(decide, object{"decision": "suspend", "reason": "抽查不合格"}).OK(200)
	var page httpapi.Org
	d.kit.Anonymous().Get(at(d.school, "")).OK(200).Into(&page)
	if page.Accreditation.State != "suspended" || len(page.Steps) != 3 || page.Steps[0].Reason != "抽查不合格" || page.Steps[0].By != nil || page.Steps[2].Reason != "" || page.May != (httpapi.OrgMay{}) {
		t.Errorf("the public sees %+v", page)
	}
	if d.manager.Get(at(d.school, "")).OK(200).Into(&page); page.Steps[0].By == nil || !page.May.Apply || page.May.Place || !page.May.Members {
		t.Errorf("its manager sees %+v", page)
	}
}

func TestPeopleAreSeenAndChangedByWhoLooksAfterThem(t *testing.T) {
	t.Parallel()
	d := newOrgDesk(t)
	var list httpapi.MemberPage
	d.boss.Get(at(d.works, "/members")).OK(200).Into(&list)
	if len(list.Items) != 1 || list.Items[0].Email != "boss@x.cn" || list.Counts["employer_officer"] != 1 {
		t.Errorf("the employer sees %+v", list)
	}
	var bare httpapi.MemberPage
	if d.auditor.Get(at(d.works, "/members")).OK(200).Into(&bare); len(bare.Items) != 1 || bare.Items[0].Email != "" {
		t.Errorf("an auditor sees %+v", bare)
	}
	for _, who := range []*httptestkit.Client{d.stranger, d.manager} {
		who.Get(at(d.works, "/members")).Problem(http.StatusNotFound, "not-found")
		who.Get(at(d.works, "/invitations")).Problem(http.StatusNotFound, "not-found")
		who.Post("/memberships/"+d.bossRole.String()+"/end", object{}).Problem(http.StatusNotFound, "not-found")
		who.Post("/memberships/"+d.bossRole.String()+"/transfer", object{"org_id": d.next}).Problem(http.StatusNotFound, "not-found")
		who.Post(at(d.works, "/members"), object{"person_id": list.Items[0].Person.ID, "role": "professional"}).Problem(http.StatusNotFound, "not-found")
		who.Post(at(d.works, "/invitations"), object{"email": "x@y.cn", "role": "professional"}).Problem(http.StatusNotFound, "not-found")
	}
	var held httpapi.RoleHeld
	d.boss.Post(at(d.works, "/members"), object{"person_id": list.Items[0].Person.ID, "role": "professional"}).OK(201).Into(&held)
	d.boss.Post(at(d.works, "/members"), object{"person_id": list.Items[0].Person.ID, "role": "department_officer"}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.boss.Post("/memberships/"+held.ID.String()+"/transfer", object{"org_id": d.next}).Problem(http.StatusNotFound, "not-found")
	d.officer.Post("/memberships/"+held.ID.String()+"/transfer", object{"org_id": d.next}).OK(200).Into(&held)
	if held.OrgID != d.next {
		t.Errorf("moved to %+v", held)
	}
	end := "/memberships/" + d.bossRole.String() + "/end"
	d.boss.Post(end, object{}).Problem(http.StatusConflict, "last-manager")
	d.officer.Post(end, object{"until": time.Now().Add(time.Hour)}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.officer.Post(end, object{"reason": "免职"}).OK(204)
	d.officer.Post(end, object{}).Problem(http.StatusConflict, "already-ended")
	var deeds int
	if err := d.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_events WHERE object_kind = 'membership' AND actor_id IS NOT NULL AND address <> ''`).Scan(&deeds); err != nil || deeds != 5 {
		t.Errorf("the trail holds %d deeds with where they came from: %v", deeds, err)
	}
}

func TestAnInvitationAnswersEveryoneClearly(t *testing.T) {
	t.Parallel()
	d := newOrgDesk(t)
	var i httpapi.Invitation
	d.boss.Post(at(d.works, "/invitations"), object{"email": "NEW@X.cn", "role": "professional"}).OK(201).Into(&i)
	d.boss.Post(at(d.works, "/invitations"), object{"email": "new@x.cn", "role": "professional"}).Problem(http.StatusConflict, "already-invited")
	d.boss.Post(at(d.works, "/invitations"), object{"email": "new@x", "role": "auditor"}).Problem(http.StatusUnprocessableEntity, "invalid")
	d.boss.Post("/invitations/"+i.ID.String()+"/resend", nil).Problem(http.StatusTooManyRequests, "too-many-requests")
	d.manager.Post("/invitations/"+i.ID.String()+"/resend", nil).Problem(http.StatusNotFound, "not-found")
	d.manager.Delete("/invitations/"+i.ID.String()).Problem(http.StatusNotFound, "not-found")
	token := object{"token": i.ID.String()}
	var shown httpapi.ShownInvitation
	d.kit.Anonymous().Post("/invitations/shown", token).OK(200).Into(&shown)
	if shown.State != "open" || shown.Known || shown.Mine || shown.Org.ID != d.works || shown.Email != "NEW@X.cn" {
		t.Errorf("a visitor sees %+v", shown)
	}
	d.kit.Anonymous().Post("/invitations/shown", object{"token": "x"}).Problem(http.StatusNotFound, "no-invitation")
	d.kit.Anonymous().Post("/invitations/acceptance", token).Problem(http.StatusUnauthorized, "unauthenticated")
	d.manager.Post("/invitations/acceptance", object{"token": "x"}).Problem(http.StatusNotFound, "no-invitation")
	d.manager.Post("/invitations/acceptance", token).Problem(http.StatusConflict, "invitation-other-address")
	invited, _ := d.signIn(t, "new@x.cn", d.next, org.Employer, org.Professional)
	if invited.Post("/invitations/shown", token).OK(200).Into(&shown); !shown.Mine || !shown.Known || len(shown.Employers) != 1 || shown.Employers[0].ID != d.next {
		t.Errorf("the invited sees %+v", shown)
	}
	var role httpapi.MyRole
	if invited.Post("/invitations/acceptance", object{"token": i.ID.String(), "move": true}).OK(200).Into(&role); role.Org.ID != d.works || role.Role != "professional" {
		t.Errorf("became %+v", role)
	}
	invited.Post("/invitations/acceptance", token).Problem(http.StatusConflict, "invitation-used")
	d.boss.Delete("/invitations/"+i.ID.String()).Problem(http.StatusConflict, "invitation-used")
	d.boss.Post(at(d.works, "/invitations"), object{"email": "new@x.cn", "role": "professional"}).Problem(http.StatusConflict, "already-member")
	var list httpapi.InvitationPage
	d.boss.Post(at(d.works, "/invitations"), object{"email": "late@x.cn", "role": "professional"}).OK(201).Into(&i)
	if _, err := d.db.Pool().Exec(t.Context(), `UPDATE invitations SET created_at = created_at - interval '20 days', sent_at = sent_at - interval '20 days', expires_at = expires_at - interval '20 days' WHERE id = $1`, i.ID); err != nil {
		t.Fatal(err)
	}
	invited.Post("/invitations/acceptance", object{"token": i.ID.String()}).Problem(http.StatusGone, "invitation-expired")
	if d.boss.Get(at(d.works, "/invitations")).OK(200).Into(&list); len(list.Items) != 1 || list.Open != 1 || list.Items[0].State != "expired" {
		t.Errorf("waiting %+v", list)
	}
	d.boss.Post("/invitations/"+i.ID.String()+"/resend", nil).OK(200).Into(&i)
	d.boss.Delete("/invitations/" + i.ID.String()).OK(204)
	invited.Post("/invitations/acceptance", object{"token": i.ID.String()}).Problem(http.StatusGone, "invitation-revoked")
	if d.boss.Get(at(d.works, "/invitations?state=all")).OK(200).Into(&list); len(list.Items) != 2 || list.Open != 0 {
		t.Errorf("all %+v", list)
	}
}
