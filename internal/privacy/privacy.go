// Package privacy says in plain words what is kept of people, why and for how
// long, what they agreed to, and what becomes of it when they leave. privacydb
// does what is said here; a test holds every table against it.
package privacy

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Text is one text in both languages.
type Text struct{ Zh, En string }

// Export is a person's request for everything about them.
type Export struct {
	ID          uuid.UUID
	State       ExportState
	RequestedAt time.Time
	ReadyAt     *time.Time
	ExpiresAt   *time.Time
	FetchedAt   *time.Time
	Size        int64 // bytes of the ZIP
}

// ExportState is how far an export has come.
type ExportState string

// The states.
const (
	Building ExportState = "building"
	Ready    ExportState = "ready"
	Fetched  ExportState = "fetched"
	Expired  ExportState = "expired"
)

// Deletion is a person's request to be deleted, which they may take back until it is due.
type Deletion struct {
	RequestedAt time.Time
	DueAt       time.Time
}

// Consent is what a person agreed to.
type Consent struct {
	Purpose     string
	Version     int
	GivenAt     time.Time
	WithdrawnAt *time.Time
}

// ConsentText is one version of what people are asked to agree to. A version
// that was ever shown is never changed: another is added.
type ConsentText struct {
	Purpose string
	Version int
	Title   Text
	Body    Text
}

// IdentityNumber is the consent without which no identity number is kept
// (Personal Information Protection Law, articles 28 and 29).
const IdentityNumber = "identity-number"

// ConsentTexts are all versions, the oldest first.
var ConsentTexts = []ConsentText{
	{
		Purpose: IdentityNumber, Version: 1,
		Title: Text{"真实姓名与证件号码", "Real name and document number"},
		Body: Text{
			"我同意本平台保存我的真实姓名与证件号码，仅用于确认学时属于我本人，以及确认一人只有一份学习档案。信息加密保存，任何页面都只显示部分字符；只有我本人可以查看完整内容，且每次查看都有记录。我可以随时撤回同意，撤回后证件信息即被删除，已登记的学时不受影响。",
			"I agree that my real name and the number of my document are kept here, solely to make sure that my hours are mine and that one person has one study file. They are kept encrypted and shown in part on every page; only I can see them in full, and every such look is recorded. I can take this back at any time: the document is then deleted, and hours that are registered stay.",
		},
	},
}

// Current is the newest version of a purpose's text; false when there is no such purpose.
func Current(purpose string) (t ConsentText, ok bool) {
	for _, c := range ConsentTexts {
		if c.Purpose == purpose {
			t, ok = c, true
		}
	}
	return t, ok
}

// Agreeable says whether a version can be agreed to: the newest alone.
func Agreeable(purpose string, version int) error {
	if t, ok := Current(purpose); !ok || t.Version != version {
		return fault.Coded(fault.Conflict, "consent-changed", "The text has changed since this page was opened. Please read it again.", fault.Field{Path: "body.consent_version", Message: "must be the present version"})
	}
	return nil
}

// Terms are how long things take, as set for this installation.
type Terms struct {
	DeletionDays  int // between the request and the deletion
	ExportDays    int // that an export can be fetched
	EvidenceYears int
	BeatsDays     int
}
