package orgdb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
)

func TestTheLastManagerCannotLeave(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	second := h.newPerson(t, "second@example.cn")
	first := h.gives(t, h.person, h.employer.ID, org.EmployerOfficer)
	staff := h.gives(t, h.person, h.employer.ID, org.Professional)
	leave := func(m org.Membership, by uuid.UUID) error {
		return h.store.End(t.Context(), org.Ending{Membership: m.ID, By: by, Reason: "调离"})
	}
	if err := leave(first, h.person); code(err) != "last-manager" {
		t.Errorf("the last one: %v", err)
	}
	if err := leave(staff, h.person); err != nil {
		t.Errorf("another role of theirs: %v", err)
	}
	other := h.gives(t, second, h.employer.ID, org.EmployerOfficer)
	results := make(chan error, 2)
	go func() { results <- leave(first, h.person) }()
	go func() { results <- leave(other, second) }()
	if a, b := code(<-results), code(<-results); !slices.Contains([]string{a, b}, "") || !slices.Contains([]string{a, b}, "last-manager") {
		t.Errorf("two at once: %q and %q", a, b)
	}
	h.ear.notices = nil
	for _, m := range []org.Membership{first, other} {
		if err := leave(m, uuid.New()); err != nil && code(err) != "already-ended" {
			t.Errorf("by the department above: %v", err)
		} else if err == nil {
			h.tells(t, notify.RoleEnded, m.PersonID, "employer_officer")
		}
	}
	if len(h.ear.notices) != 1 {
		t.Errorf("whoever left by themself is told, too: %+v", h.ear.notices)
	}
}

func TestARoleIsGivenToOnesOwnPeopleAlone(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	stranger := h.newPerson(t, "han@example.cn")
	if _, err := h.store.Give(t.Context(), h.person, stranger, h.employer.ID, org.EmployerOfficer); code(err) != "not found" {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := h.store.Give(t.Context(), h.person, uuid.New(), h.employer.ID, org.EmployerOfficer); code(err) != "not found" {
		t.Errorf("nobody: %v", err)
	}
	past := h.gives(t, stranger, h.employer.ID, org.Professional)
	if err := h.store.EndMembership(t.Context(), past.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.Give(t.Context(), h.person, stranger, h.employer.ID, org.EmployerOfficer); code(err) != "not found" {
		t.Errorf("somebody who left: %v", err)
	}
	h.gives(t, stranger, h.employer.ID, org.Professional)
	if m, err := h.store.Give(t.Context(), h.person, stranger, h.employer.ID, org.EmployerOfficer); err != nil || m.Role != org.EmployerOfficer {
		t.Errorf("staff: %+v, %v", m, err)
	}
	h.tells(t, notify.RoleGiven, stranger, "employer_officer")
	if d := h.ear.deeds[len(h.ear.deeds)-1]; d.Action != "membership.give" || d.Actor != h.person || d.Subject != stranger || d.Org != h.employer.ID {
		t.Errorf("the trail ends with %+v", d)
	}
}

func TestPeopleAreReadByPagesAndFound(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	var people []uuid.UUID
	for i := range 7 {
		people = append(people, h.newPerson(t, fmt.Sprintf("p%d_100%%@example.cn", i)))
		h.gives(t, people[i], h.employer.ID, org.Professional) // all in the same moment
	}
	boss := h.gives(t, people[0], h.employer.ID, org.EmployerOfficer)
	if err := h.store.EndMembership(t.Context(), boss.ID); err != nil {
		t.Fatal(err)
	}
	seen := map[uuid.UUID]int{}
	f := org.MemberFilter{Org: h.employer.ID, Limit: 3}
	for {
		page, err := h.store.Members(t.Context(), f)
		if err != nil || len(page.Items) > 3 || page.Counts[org.Professional] != 7 || page.Counts[org.EmployerOfficer] != 0 {
			t.Fatalf("%+v, %v", page, err)
		}
		for _, m := range page.Items {
			seen[m.PersonID]++
		}
		if page.NextCursor == nil {
			break
		}
		f.Cursor = *page.NextCursor
	}
	for _, p := range people {
		if seen[p] != 1 {
			t.Errorf("somebody is read %d times", seen[p])
		}
	}
	for query, want := range map[string]int{"p3": 1, "100%": 7, "_100": 7, "P3_": 1, "zzz": 0} {
		if page, err := h.store.Members(t.Context(), org.MemberFilter{Org: h.employer.ID, Query: query, Mail: true, Limit: 100}); err != nil || len(page.Items) != want {
			t.Errorf("%q finds %d, want %d: %v", query, len(page.Items), want, err)
		}
	}
	if _, err := h.db.Pool().Exec(t.Context(), `UPDATE people SET name = '宋词' WHERE id = $1`, people[3]); err != nil {
		t.Fatal(err)
	}
	if page, err := h.store.Members(t.Context(), org.MemberFilter{Org: h.employer.ID, Query: "p3", Limit: 100}); err != nil || len(page.Items) != 0 {
		t.Errorf("who may not read addresses finds by one: %+v, %v", page.Items, err)
	}
	past, err := h.store.Members(t.Context(), org.MemberFilter{Org: h.employer.ID, Past: true, Limit: 10})
	if err != nil || len(past.Items) != 1 || past.Items[0].ID != boss.ID || past.Items[0].Until == nil || past.Items[0].Email != "" {
		t.Errorf("past %+v, %v", past, err)
	}
	if _, err := h.store.Members(t.Context(), org.MemberFilter{Org: h.employer.ID, Cursor: "x"}); code(err) != "invalid" {
		t.Errorf("a cursor of nobody's: %v", err)
	}
}

func TestAnInvitationIsAcceptedOnceByTheRightPerson(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	invite := func(email string) org.Invitation {
		t.Helper()
		i, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.Professional, Email: email, By: h.person})
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	li, han := h.newPerson(t, "Li@例子.中国"), h.newPerson(t, "han@example.cn")
	i := invite("LI@xn--fsqu00a.XN--FIQS8S") // the same in punycode and capitals
	if n := h.ear.notices; len(n) != 1 || n[0].Kind != "invitation" || n[0].Link.ID != i.ID || n[0].Link.Purpose != org.InvitationPurpose || n[0].Address != i.Email || n[0].Facts["organisation"] != "工厂" {
		t.Errorf("told %+v", n)
	}
	if _, err := h.store.Accept(t.Context(), i.ID, han, false); code(err) != "invitation-other-address" {
		t.Errorf("by somebody else: %v", err)
	}
	if _, err := h.store.Accept(t.Context(), i.ID, h.person, false); code(err) != "invitation-other-address" {
		t.Errorf("by somebody without an account: %v", err)
	}
	results := make(chan error, 3)
	for range cap(results) {
		go func() {
			_, err := h.store.Accept(t.Context(), i.ID, li, false)
			results <- err
		}()
	}
	accepted := 0
	for range cap(results) {
		if err := <-results; err == nil {
			accepted++
		} else if code(err) != "invitation-used" {
			t.Error(err)
		}
	}
	if held, _ := h.store.Memberships(t.Context(), li); accepted != 1 || len(held) != 1 || held[0].OrgID != h.employer.ID {
		t.Errorf("accepted %d times, holds %+v", accepted, held)
	}
	if _, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.Professional, Email: "han@example.cn", By: li}); err != nil {
		t.Errorf("another: %v", err)
	}
	if _, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.Professional, Email: " HAN@example.cn", By: li}); code(err) != "already-invited" {
		t.Errorf("the same: %v", err)
	}
	for _, bad := range []string{"", "han", "han@", "a@b\nBcc: c@d", "Han <han@example.cn>"} {
		if _, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.Professional, Email: bad, By: li}); code(err) != "invalid" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAnInvitationExpiresIsSentAgainAndTakenBack(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	li := h.newPerson(t, "li@example.cn")
	i, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.EmployerOfficer, Email: "li@example.cn", Locale: "en", By: h.person})
	if err != nil {
		t.Fatal(err)
	}
	*h.clock = h.clock.Add(org.InvitationLife)
	if _, err := h.store.Accept(t.Context(), i.ID, li, false); code(err) != "invitation-expired" {
		t.Errorf("expired: %v", err)
	}
	again, err := h.store.Resend(t.Context(), h.person, i.ID)
	if err != nil || again.Sends != 2 || !again.Expires.Equal(h.clock.Add(org.InvitationLife)) || len(h.ear.notices) != 2 || h.ear.notices[0].Once == h.ear.notices[1].Once {
		t.Errorf("sent again %+v, %v", again, err)
	}
	if _, err := h.store.Resend(t.Context(), h.person, i.ID); code(err) != "too many" {
		t.Errorf("at once: %v", err)
	}
	if err := h.store.Revoke(t.Context(), h.person, i.ID); err != nil {
		t.Error(err)
	}
	if _, err := h.store.Accept(t.Context(), i.ID, li, false); code(err) != "invitation-revoked" {
		t.Errorf("taken back: %v", err)
	}
	if err := h.store.Revoke(t.Context(), h.person, uuid.New()); code(err) != "not found" {
		t.Errorf("an unknown one: %v", err)
	}
	if list, err := h.store.Invitations(t.Context(), h.employer.ID, true, 10, ""); err != nil || len(list.Items) != 1 || list.Open != 0 {
		t.Errorf("all %+v, %v", list, err)
	}
	if got := h.ear.actions(); !slices.Equal(got, []string{"invitation.invite", "invitation.resend", "invitation.revoke"}) {
		t.Errorf("the trail holds %v", got)
	}
}

func TestWhoChangesEmployersKeepsTheRecord(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	next := h.made(t, org.New{Kind: org.Employer, NameZh: "新厂", ParentID: &h.province.ID})
	li := h.newPerson(t, "li@example.cn")
	h.gives(t, li, h.employer.ID, org.Professional)
	h.gives(t, li, h.employer.ID, org.EmployerOfficer)
	i, err := h.store.Invite(t.Context(), org.NewInvitation{Org: next.ID, Role: org.Professional, Email: "li@example.cn", By: h.person})
	if err != nil {
		t.Fatal(err)
	}
	*h.clock = h.clock.Add(time.Hour)
	shown, err := h.store.Shown(t.Context(), i.ID, li)
	if err != nil || !shown.Known || len(shown.Employers) != 1 || shown.Employers[0].ID != h.employer.ID {
		t.Errorf("shown %+v, %v", shown, err)
	}
	if shown, err := h.store.Shown(t.Context(), i.ID, uuid.Nil); err != nil || len(shown.Employers) != 0 {
		t.Errorf("shown to a visitor %+v, %v", shown, err)
	}
	if _, err := h.store.Accept(t.Context(), i.ID, li, true); err != nil {
		t.Fatal(err)
	}
	held, _ := h.store.Memberships(t.Context(), li)
	var ended, begun, stayed *org.Membership
	for at := range held {
		switch m := &held[at]; {
		case m.Until != nil:
			ended = m
		case m.OrgID == next.ID:
			begun = m
		default:
			stayed = m
		}
	}
	if len(held) != 3 || ended == nil || begun == nil || stayed == nil || !ended.Until.Equal(begun.Since) || ended.OrgID != h.employer.ID || stayed.Role != org.EmployerOfficer {
		t.Errorf("holds %+v", held)
	}
	back, err := h.store.Transfer(t.Context(), h.person, begun.ID, h.employer.ID)
	if err != nil || back.OrgID != h.employer.ID || back.Role != org.Professional {
		t.Errorf("moved back by an officer: %+v, %v", back, err)
	}
	if _, err := h.store.Transfer(t.Context(), h.person, back.ID, h.employer.ID); code(err) != "invalid" {
		t.Errorf("to where they are: %v", err)
	}
	if _, err := h.store.Transfer(t.Context(), h.person, begun.ID, h.employer.ID); code(err) != "already-ended" {
		t.Errorf("a role that has ended: %v", err)
	}
	if !slices.Contains(h.ear.actions(), "membership.transfer") {
		t.Errorf("the trail holds %v", h.ear.actions())
	}
}
