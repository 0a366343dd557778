package org

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Change is what of an organisation is to be another; nil fields stay.
type Change struct {
	NameZh, NameEn, TimeZone *string
	Ownership                *Ownership
}

// Changed is the organisation after a change. The error names every field that is not right.
func (o Organisation) Changed(c Change) (Organisation, error) {
	if err := o.open(); err != nil {
		return o, err
	}
	n := New{Kind: o.Kind, Level: o.Level, NameZh: o.NameZh, NameEn: o.NameEn, TimeZone: o.TimeZone, Ownership: o.Ownership}
	for _, f := range []struct{ from, to *string }{{c.NameZh, &n.NameZh}, {c.NameEn, &n.NameEn}, {c.TimeZone, &n.TimeZone}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if c.Ownership != nil {
		n.Ownership = *c.Ownership
	}
	n.NameZh, n.NameEn = tidy(n.NameZh), tidy(n.NameEn)
	var bad fault.Fields
	checkSelf(n, &bad)
	if err := bad.Err("the organisation is not valid"); err != nil {
		return o, err
	}
	o.NameZh, o.NameEn, o.TimeZone, o.Ownership = n.NameZh, n.NameEn, n.TimeZone, n.Ownership
	return o, nil
}

// MayStandBelow says whether the organisation may be moved below a parent. What
// is below the organisation goes with it and keeps its place, so that only
// these two are held against each other.
func (o Organisation) MayStandBelow(parent Organisation) error {
	if err := o.open(); err != nil {
		return err
	}
	if slices.Contains(parent.Lineage, o.ID) {
		return fault.Coded(fault.Conflict, "below-itself", "An organisation cannot stand below itself or below what is below it.")
	}
	var bad fault.Fields
	checkParent(New{Kind: o.Kind, Level: o.Level}, &parent, &bad)
	return bad.Err("the organisation cannot stand there")
}

// MayClose says whether it can be closed while so many open ones stand below it.
func (o Organisation) MayClose(below int) error {
	if err := o.open(); err != nil {
		return err
	}
	if below > 0 {
		return fault.Coded(fault.Conflict, "not-empty", "Organisations still stand below it. Move or close them first.")
	}
	return nil
}

// MayMergeInto says whether its people may become another's. Departments do
// not merge: what is below one is moved, and then it is closed.
func (o Organisation) MayMergeInto(into Organisation) error {
	if err := o.open(); err != nil {
		return err
	}
	switch {
	case o.ID == into.ID:
		return invalid("into", "must be another organisation")
	case o.Kind.IsDepartment():
		return fault.Coded(fault.Conflict, "department", "A department is not merged: move what is below it, then close it.")
	case o.Kind != into.Kind:
		return invalid("into", "must be of the same kind")
	case into.ClosedAt != nil:
		return invalid("into", "is closed")
	}
	return nil
}

func invalid(field, message string) error {
	return fault.New(fault.Invalid, "this cannot be done", fault.Field{Path: field, Message: message})
}

// open is a Conflict for an organisation that has ended.
func (o Organisation) open() error {
	if o.ClosedAt == nil {
		return nil
	}
	return fault.Coded(fault.Conflict, "organisation-closed", "This organisation is closed.")
}

// Moved is the lineage of something below or at an organisation after that got
// another parent; parent is the new parent's lineage.
func Moved(lineage []uuid.UUID, organisation uuid.UUID, parent []uuid.UUID) []uuid.UUID {
	at := slices.Index(lineage, organisation)
	return append(slices.Clone(lineage[:at+1]), parent...)
}

// MaxReason bounds what is given as a reason for a deed, in characters.
const MaxReason = 2000

// Node is an organisation as whoever manages the tree sees it.
type Node struct {
	Ref
	Ownership Ownership
	Below     int // open ones directly below it
	People    int // with a current role in it
	ClosedAt  *time.Time
	Successor *Ref
	// Accreditation is of a teaching institution alone.
	Accreditation *Standing
}

// Branch is one page of what stands directly below an organisation, by name.
type Branch struct {
	Items      []Node
	NextCursor *string
}

// BranchFilter chooses among what stands directly below an organisation.
type BranchFilter struct {
	Parent uuid.UUID
	Filter
	Closed bool // those that have ended instead of those that have not
}
