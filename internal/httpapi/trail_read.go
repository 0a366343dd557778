package httpapi

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// filter reads a search, within the reach of whoever asks.
func (in TrailFilter) filter(actor *identity.Actor, now time.Time) (audit.Filter, error) {
	var bad fault.Fields
	f := audit.Filter{
		Scope: audit.Scope(actor.Scope(identity.ReadTrail)), Action: in.Action, ObjectKind: in.ObjectKind,
		From: momentIn("from", in.From, &bad), To: momentIn("to", in.To, &bad),
		Actor: idOf("actor", in.Actor, &bad), Subject: idOf("subject", in.Subject, &bad), Object: idOf("object", in.Object, &bad), Org: idOf("org", in.Org, &bad),
	}
	if err := bad.Err("the search is not valid"); err != nil {
		return f, err
	}
	return f, f.Window(now)
}

func momentIn(name, text string, bad *fault.Fields) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 2000 || t.Year() > 9999 {
		bad.Add("query."+name, "must be a time like 2026-11-25T08:00:00Z")
	}
	return t.UTC()
}

func idOf(name, text string, bad *fault.Fields) uuid.UUID {
	if text == "" {
		return uuid.Nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		bad.Add("query."+name, "must be a UUID")
	}
	return id
}

func trailEntryOf(e audit.Entry) TrailEntry {
	out := TrailEntry{
		ID: e.ID, At: e.At.UTC(), Action: e.Action, ObjectKind: e.ObjectKind, ObjectID: e.Object,
		Address: e.Origin.Address, UserAgent: e.Origin.UserAgent, RequestID: e.Origin.RequestID, Before: e.Before, After: e.After,
	}
	if e.Actor != nil {
		out.Actor = new(PersonRef(*e.Actor))
	}
	if e.Subject != nil {
		out.Subject = new(PersonRef(*e.Subject))
	}
	if o := e.Org; o != nil {
		out.Org = &OrgRef{ID: o.ID, Kind: o.Kind, Level: o.Level, Name: Text{Zh: o.NameZh, En: o.NameEn}}
	}
	return out
}
