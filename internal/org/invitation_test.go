package org_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
)

func TestWhatBecomesOfAnInvitation(t *testing.T) {
	t.Parallel()
	fresh := org.Invitation{Folded: "li@example.cn", Created: noon, Sent: noon, Sends: 1, Expires: noon.Add(org.InvitationLife)}
	with := func(change func(*org.Invitation)) org.Invitation {
		i := fresh
		change(&i)
		return i
	}
	by := uuid.New()
	later := noon.Add(time.Hour)
	for _, tc := range []struct {
		name                  string
		i                     org.Invitation
		at                    time.Time
		address               string
		accept, again, revoke string
	}{
		{"fresh", fresh, later, "li@example.cn", "", "", ""},
		{"by somebody else", fresh, later, "han@example.cn", "invitation-other-address", "", ""},
		{"by somebody without an address", fresh, later, "", "invitation-other-address", "", ""},
		{"in its last moment", fresh, fresh.Expires.Add(-time.Nanosecond), "li@example.cn", "", "", ""},
		{"expired", fresh, fresh.Expires, "li@example.cn", "invitation-expired", "", ""},
		{"used", with(func(i *org.Invitation) { i.AcceptedAt, i.AcceptedBy = &noon, &by }), later, "li@example.cn", "invitation-used", "invitation-used", "invitation-used"},
		{"taken back", with(func(i *org.Invitation) { i.RevokedAt = &noon }), later, "li@example.cn", "invitation-revoked", "invitation-revoked", "invitation-revoked"},
		{"of an organisation that closed", with(func(i *org.Invitation) { i.OrgClosed = true }), later, "li@example.cn", "invitation-revoked", "invitation-revoked", "invitation-revoked"},
		{"sent a moment ago", fresh, noon.Add(30 * time.Second), "li@example.cn", "", "too many", ""},
		{"sent ten times", with(func(i *org.Invitation) { i.Sends = 10 }), later, "li@example.cn", "", "sent-often", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := [3]string{code(tc.i.Accept(tc.address, tc.at)), code(tc.i.Again(tc.at)), code(tc.i.Revoke(tc.at))}
			if want := [3]string{tc.accept, tc.again, tc.revoke}; got != want {
				t.Errorf("accept, again, revoke: %q, want %q", got, want)
			}
		})
	}
}

func TestWhoMayBeInvitedToWhat(t *testing.T) {
	t.Parallel()
	province := made(t, nil, org.PersonnelDepartment, org.Provincial)
	works := made(t, province, org.Employer, "")
	gone := made(t, province, org.Employer, "")
	gone.ClosedAt = &noon
	for _, tc := range []struct {
		name    string
		o       *org.Organisation
		n       org.NewInvitation
		refused string
	}{
		{"staff", works, org.NewInvitation{Role: org.Professional, Locale: "en"}, ""},
		{"an officer of a department to an employer", works, org.NewInvitation{Role: org.DepartmentOfficer, Locale: "en"}, "role"},
		{"a language nobody reads", works, org.NewInvitation{Role: org.Professional, Locale: "la"}, "locale"},
		{"to what has closed", gone, org.NewInvitation{Role: org.Professional, Locale: "en"}, "organisation-closed"},
	} {
		if err := tc.n.Check(*tc.o); places(err) != tc.refused && code(err) != tc.refused {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
