package org

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Bounds of invitations.
const (
	InvitationLife  = 14 * 24 * time.Hour
	resendAfter     = time.Minute
	maxSends        = 10
	MaxInvitedDaily = 500 // by one organisation
)

// InvitationPurpose is what the proof in an invitation's mail is made for.
const InvitationPurpose = "invitation"

// Invitation asks whoever reads an address to take a role. It is accepted once.
type Invitation struct {
	ID         uuid.UUID
	Org        Ref
	Lineage    []uuid.UUID // the organisation's
	Role       Role
	Email      string // as typed
	Folded     string // by which two spellings are one address
	Locale     string // of its mail
	InvitedBy  Person
	Created    time.Time
	Sent       time.Time // last
	Sends      int
	Expires    time.Time
	AcceptedAt *time.Time
	AcceptedBy *uuid.UUID
	RevokedAt  *time.Time
	OrgClosed  bool
}

// JoinsStaff says whether it leads to the staff of an employer, which one may
// have to leave another for.
func (i Invitation) JoinsStaff() bool { return i.Role == Professional && i.Org.Kind == Employer }

// InvitationState is what an invitation is at a moment.
type InvitationState string

// The states; only an open one can be accepted.
const (
	InvitationOpen     InvitationState = "open"
	InvitationExpired  InvitationState = "expired"
	InvitationAccepted InvitationState = "accepted"
	InvitationRevoked  InvitationState = "revoked"
)

// State is what it is at a moment.
func (i Invitation) State(now time.Time) InvitationState {
	switch {
	case i.AcceptedAt != nil:
		return InvitationAccepted
	case i.RevokedAt != nil || i.OrgClosed:
		return InvitationRevoked
	case !now.Before(i.Expires):
		return InvitationExpired
	}
	return InvitationOpen
}

// Accept says whether the owner of an address may take the role now.
func (i Invitation) Accept(folded string, now time.Time) error {
	switch i.State(now) {
	case InvitationAccepted:
		return fault.Coded(fault.Conflict, "invitation-used", "This invitation has been accepted already; it holds once.")
	case InvitationRevoked:
		return fault.Coded(fault.Gone, "invitation-revoked", "This invitation was taken back. Ask whoever invited you.")
	case InvitationExpired:
		return fault.Coded(fault.Gone, "invitation-expired", "This invitation has expired. Ask whoever invited you to send it again.")
	}
	if folded != i.Folded {
		return fault.Coded(fault.Conflict, "invitation-other-address", "This invitation was sent to another address than the one you are signed in with. Sign in with that one, or ask to be invited under yours.")
	}
	return nil
}

// Again says whether its mail may be sent once more now; that makes an expired one hold again.
func (i Invitation) Again(now time.Time) error {
	switch s := i.State(now); {
	case s == InvitationAccepted:
		return fault.Coded(fault.Conflict, "invitation-used", "This invitation has been accepted already.")
	case s == InvitationRevoked:
		return fault.Coded(fault.Conflict, "invitation-revoked", "This invitation was taken back. Invite the person anew.")
	case i.Sends >= maxSends:
		return fault.Coded(fault.Conflict, "sent-often", "This invitation has been sent ten times. Ask the person whether the address is right, or take it back and invite anew.")
	case now.Sub(i.Sent) < resendAfter:
		return fault.Later(fault.TooMany, resendAfter-now.Sub(i.Sent), "It was sent a moment ago; wait a minute.")
	}
	return nil
}

// Revoke says whether it can still be taken back.
func (i Invitation) Revoke(now time.Time) error {
	switch i.State(now) {
	case InvitationAccepted:
		return fault.Coded(fault.Conflict, "invitation-used", "This invitation has been accepted; end the role instead.")
	case InvitationRevoked:
		return fault.Coded(fault.Conflict, "invitation-revoked", "This invitation was taken back already.")
	}
	return nil
}

// NewInvitation is what is given to invite somebody.
type NewInvitation struct {
	Org    uuid.UUID
	Role   Role
	Email  string
	Locale string // of the mail; "": zh-CN
	By     uuid.UUID
}

// Check judges an invitation to an organisation of a kind. That the address is
// one is the caller's to know.
func (n NewInvitation) Check(o Organisation) error {
	if err := o.open(); err != nil {
		return err
	}
	if n.Locale != "zh-CN" && n.Locale != "en" {
		return invalid("locale", "must be zh-CN or en")
	}
	return CheckRole(n.Role, o.Kind)
}

// InvitationList is one page, the last first.
type InvitationList struct {
	Items      []Invitation
	NextCursor *string
	Open       int
}

// Shown is an invitation as whoever holds its proof sees it.
type Shown struct {
	Invitation
	Known bool // somebody signs in with the address
	// Employers are where the person is on the staff now; empty unless it is they who look.
	Employers []Ref
}
