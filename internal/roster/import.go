package roster

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// State is where an import stands.
type State string

// The states. From mapping and checked on people decide; the rest passes by itself.
const (
	Uploading State = "uploading"
	Checking  State = "checking"
	Mapping   State = "mapping" // no column is known to hold the name, or the mail
	Checked   State = "checked"
	Applying  State = "applying"
	Done      State = "done"
	Failed    State = "failed"
)

// Bounds of an uploaded file; it comes in parts.
const (
	MaxFile  = 32 << 20
	PartSize = 4 << 20
)

// Import is one file on its way into an organisation's list.
type Import struct {
	ID        uuid.UUID
	OrgID     uuid.UUID
	By        uuid.UUID
	Filename  string
	Size      int64
	State     State
	Reason    string // of a failed one
	Headings  []string
	Columns   Columns
	Format    string // "xlsx", "csv, GB18030"
	Total     int    // rows, empty ones not counted
	Bad       int
	Warned    int
	Chosen    int
	Added     int
	Changed   int
	Left      int
	Created   time.Time
	CheckedAt *time.Time
	EndedAt   *time.Time
	// Done of All say how far the work is that goes on now: bytes while a file
	// is checked, rows while it is applied. 0 of 0: not begun.
	Progress, ProgressOf int64
}

// Parts is how many parts the file comes in.
func (i Import) Parts() int { return int((i.Size + PartSize - 1) / PartSize) }

// CheckFile judges a file before it is sent.
func CheckFile(name string, size int64) error {
	var bad fault.Fields
	lower := strings.ToLower(name)
	switch {
	case strings.HasSuffix(lower, ".xls"):
		bad.Add("body.filename", "is an Excel 97 workbook; save it as .xlsx or .csv")
	case !strings.HasSuffix(lower, ".xlsx") && !strings.HasSuffix(lower, ".csv") && !strings.HasSuffix(lower, ".txt"):
		bad.Add("body.filename", "must end in .xlsx, .csv or .txt")
	case utf8.RuneCountInString(name) > 200 || !utf8.ValidString(name) || !clean(name):
		bad.Add("body.filename", "must be plain text of at most 200 characters")
	}
	if size < 1 || size > MaxFile {
		bad.Add("body.size_bytes", "must be 1 to %d bytes", MaxFile)
	}
	return bad.Err("the file cannot be imported")
}

// Failure ends an import; its code is kept as the reason.
type Failure string

func (f Failure) Error() string { return "roster: " + string(f) }

// Why an import can end.
const (
	Unreadable  Failure = "unreadable"    // no workbook, no text
	TooLarge    Failure = "too-large"     // inflated, it would be
	TooManyRows Failure = "too-many-rows" // more than MaxRows
	NoRows      Failure = "no-rows"
	Encrypted   Failure = "encrypted"
	OrgClosed   Failure = "organisation-closed"
)

var failures = map[Failure][2]string{
	Unreadable:  {"无法读取这个文件。请用 Excel 或 WPS 重新另存为 .xlsx 或 .csv 后再试。", "This file cannot be read. Save it anew as .xlsx or .csv and try again."},
	TooLarge:    {"文件解压后过大，已停止读取。请拆分成几个较小的文件。", "Unpacked, this file is too large; reading was stopped. Split it into smaller ones."},
	TooManyRows: {"超过 200,000 行。请拆分成几个文件。", "More than 200,000 rows. Split the file."},
	NoRows:      {"标题行以下没有内容。", "Nothing stands below the row of headings."},
	Encrypted:   {"文件有密码保护。请取消密码后再导入。", "The file is protected by a password. Take it away and try again."},
	OrgClosed:   {"单位已合并或注销，导入已停止，没有任何一行被写入。", "The organisation was merged or closed. The import has stopped and not a single row was taken in."},
}

// Text is the reason in one language; "" for an unknown code.
func (f Failure) Text(english bool) string {
	if english {
		return failures[f][1]
	}
	return failures[f][0]
}

// MayCheck says whether a file can be (again) looked through.
func (i Import) MayCheck() error {
	if i.State != Uploading && i.State != Mapping && i.State != Checked {
		return fault.Coded(fault.Conflict, "import-under-way", "This import is under way, or has ended.")
	}
	return nil
}

// MayApply says whether its rows can be taken in.
func (i Import) MayApply() error {
	switch i.State {
	case Checked:
		return nil
	case Applying, Done:
		return fault.Coded(fault.Conflict, "import-applied", "These rows have been taken in already, or are just now.")
	}
	return fault.Coded(fault.Conflict, "import-not-checked", "The file has not been looked through yet.")
}

// InvitationPurpose is what the proof in the mail to somebody imported is made for.
const InvitationPurpose = "staff-invitation"

// InvitationLife is how long it holds.
const InvitationLife = 30 * 24 * time.Hour

// Invitation is somebody's place on a list, waiting for them.
type Invitation struct {
	Staff   uuid.UUID
	Org     org.Ref
	Role    org.Role
	Email   string
	Folded  string
	Invited time.Time
	Joined  bool
	Closed  bool // the organisation is no more
}

// State is "open", "used", "revoked" or "expired".
func (i Invitation) State(now time.Time) string {
	switch {
	case i.Joined:
		return "used"
	case i.Closed:
		return "revoked"
	case now.After(i.Invited.Add(InvitationLife)):
		return "expired"
	}
	return "open"
}

// Accept says whether the owner of an address may take the place now.
func (i Invitation) Accept(folded string, now time.Time) error {
	switch state := i.State(now); {
	case state == "used":
		return fault.Coded(fault.Conflict, "invitation-used", "This invitation has been accepted already; it holds once.")
	case state == "revoked":
		return fault.Coded(fault.Gone, "invitation-revoked", "This organisation was merged or closed. Ask whoever invited you.")
	case state == "expired":
		return fault.Coded(fault.Gone, "invitation-expired", "This invitation has expired. Ask whoever invited you to send it again.")
	case folded != i.Folded:
		return fault.Coded(fault.Conflict, "invitation-other-address", "This invitation was sent to another address than the one you are signed in with.")
	}
	return nil
}

// RowFilter chooses rows of an import.
type RowFilter struct {
	Which string // "", "good", "bad", "warned"
	After int
	Limit int
}
