// Package notify says what is told to people, in the product and by mail. A
// notice is sent in the transaction of what it tells of (notifydb), so that it
// is told exactly if that happened.
package notify

import (
	"time"

	"github.com/google/uuid"
)

// Kind names what a notice tells, and the texts it is told by: "invitation",
// "verify-mail", "reset-password", "course-assigned".
type Kind string

// Notice is one thing told to one person, or to an address nobody has yet
// signed up with.
type Notice struct {
	Kind   Kind
	Person uuid.UUID // uuid.Nil: to Address alone
	// Address is where mail goes instead of to the person's own address; "":
	// the person's own.
	Address string
	Locale  string // of a notice without a person; "": zh-CN
	// Facts fill the gaps of the texts: names, dates, numbers. They are kept,
	// so no secret may stand here.
	Facts map[string]string
	// Path is where the notice leads within the product, "/learning".
	Path string
	// Link, when set, adds a proof to Path when the mail is written
	// (linktoken.Keys.Token), so that no copy of it lies in the database.
	Link *Link
	// Once, when set, is what this may be told of only once: a second notice of
	// the same kind to the same person or address is dropped.
	Once string
}

// Link is what a proof in a mail stands for.
type Link struct {
	Purpose string // "reset-password"
	ID      uuid.UUID
}

// Told is a notice as the person sees it in the product.
type Told struct {
	ID   uuid.UUID
	At   time.Time
	Read bool
	Notice
}
