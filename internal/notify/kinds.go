package notify

import (
	"slices"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// The kinds there are.
const (
	Invitation           Kind = "invitation"
	VerifyMail           Kind = "verify-mail"
	ResetPassword        Kind = "reset-password"
	PasswordChanged      Kind = "password-changed"
	MailChanged          Kind = "mail-changed"
	SecondFactorChanged  Kind = "second-factor-changed"
	NewSignIn            Kind = "new-sign-in"
	RoleGiven            Kind = "role-given"
	RoleEnded            Kind = "role-ended"
	AccreditationChanged Kind = "accreditation-changed"
	FlagDecided          Kind = "flag-decided"
	RecordsMerged        Kind = "records-merged"
	MergeRefused         Kind = "merge-refused"
	AccountJoined        Kind = "account-joined"
	RecordViewed         Kind = "record-viewed"
	DeletionRequested    Kind = "deletion-requested"
	AccountDeleted       Kind = "account-deleted"
	ExportReady          Kind = "export-ready"
	CourseAssigned       Kind = "course-assigned"
	AssignmentDue        Kind = "assignment-due"
	CertificateIssued    Kind = "certificate-issued"
	CourseReturned       Kind = "course-returned"
	CoursePublished      Kind = "course-published"
	ImportFinished       Kind = "import-finished"
)

// Digest is the kind of a day's digest: no notice has it, mails have.
const Digest Kind = "digest"

// How says when mail about a kind is sent.
type How string

// The ways.
const (
	Now   How = "now"
	Daily How = "digest" // with the others of the day, at eight in the morning
	Off   How = "off"
)

// Form says how a fact is written into a text.
type Form uint8

// The forms a fact may have.
const (
	Plain  Form = iota // as it is, or the better of name, name_zh and name_en
	Moment             // RFC 3339, or a date alone; written as a date where the person is
	Word               // one of the words of the kind's texts
)

// Fact is what a kind needs to be told of.
type Fact struct {
	Name string
	Form Form
}

// Spec is what is so about a kind, whoever is told.
type Spec struct {
	Kind  Kind
	Group string // the heading in the preferences: "security", "learning", "teaching", "work", "record"
	Facts []Fact
	// Binding kinds concern security or the law and cannot be turned off.
	Binding bool
	// MailOnly kinds carry a proof that belongs into mail alone.
	MailOnly bool
	Mail     How // unless the person wants it otherwise
}

// specs are all kinds, in the order the preferences list them.
var specs = []Spec{
	{Kind: CourseAssigned, Group: "learning", Facts: facts("course", "organisation", "due:moment"), Mail: Now},
	{Kind: AssignmentDue, Group: "learning", Facts: facts("course", "due:moment"), Mail: Now},
	{Kind: CertificateIssued, Group: "learning", Facts: facts("course", "hours", "serial"), Mail: Now},
	{Kind: CourseReturned, Group: "teaching", Facts: facts("course", "reason"), Mail: Now},
	{Kind: CoursePublished, Group: "teaching", Facts: facts("course", "hours"), Mail: Now},
	{Kind: ImportFinished, Group: "work", Facts: facts("file", "done", "failed"), Mail: Daily},
	{Kind: RecordViewed, Group: "record", Facts: facts("by", "organisation"), Mail: Daily},
	{Kind: FlagDecided, Group: "record", Facts: facts("decision:word", "reason"), Binding: true, Mail: Now},
	{Kind: RecordsMerged, Group: "record", Binding: true, Mail: Now},
	{Kind: MergeRefused, Group: "record", Facts: facts("reason"), Binding: true, Mail: Now},
	{Kind: AccountJoined, Group: "record", Binding: true, MailOnly: true, Mail: Now},
	{Kind: ExportReady, Group: "record", Binding: true, Mail: Now},
	{Kind: DeletionRequested, Group: "record", Facts: facts("due:moment"), Binding: true, Mail: Now},
	{Kind: AccountDeleted, Group: "record", Binding: true, MailOnly: true, Mail: Now},
	{Kind: RoleGiven, Group: "work", Facts: facts("role:word", "organisation"), Binding: true, Mail: Now},
	{Kind: RoleEnded, Group: "work", Facts: facts("role:word", "organisation"), Binding: true, Mail: Now},
	{Kind: AccreditationChanged, Group: "work", Facts: facts("organisation", "state:word"), Binding: true, Mail: Now},
	{Kind: Invitation, Group: "work", Facts: facts("organisation", "role:word", "by", "expires:moment"), Binding: true, MailOnly: true, Mail: Now},
	{Kind: NewSignIn, Group: "security", Facts: facts("device", "at:moment"), Binding: true, Mail: Now},
	{Kind: PasswordChanged, Group: "security", Binding: true, Mail: Now},
	{Kind: SecondFactorChanged, Group: "security", Facts: facts("change:word"), Binding: true, Mail: Now},
	{Kind: MailChanged, Group: "security", Facts: facts("email"), Binding: true, Mail: Now},
	{Kind: VerifyMail, Group: "security", Facts: facts("until:moment"), Binding: true, MailOnly: true, Mail: Now},
	{Kind: ResetPassword, Group: "security", Facts: facts("until:moment"), Binding: true, MailOnly: true, Mail: Now},
}

func facts(names ...string) (out []Fact) {
	for _, n := range names {
		name, form, _ := strings.Cut(n, ":")
		out = append(out, Fact{name, map[string]Form{"": Plain, "moment": Moment, "word": Word}[form]})
	}
	return out
}

// Specs are all kinds, in the order the preferences list them.
func Specs() []Spec { return slices.Clone(specs) }

// SpecOf is what is so about a kind; false for one there is not.
func SpecOf(k Kind) (Spec, bool) {
	at := slices.IndexFunc(specs, func(s Spec) bool { return s.Kind == k })
	if at < 0 {
		return Spec{}, false
	}
	return specs[at], true
}

// Check refuses a notice that could not be told: of an unknown kind, without a
// fact its texts need, or leading out of the product. All are mistakes of the
// program, which its tests are to find.
func (n Notice) Check() error {
	spec, ok := SpecOf(n.Kind)
	if !ok {
		return fault.New(fault.Internal, "there is no notice of kind "+string(n.Kind))
	}
	for _, f := range spec.Facts {
		if n.fact(f.Name, "zh") == "" {
			return fault.New(fault.Internal, "a notice of kind "+string(n.Kind)+" needs the fact "+f.Name)
		}
	}
	if n.Path != "" && (!strings.HasPrefix(n.Path, "/") || strings.HasPrefix(n.Path, "//") || strings.ContainsAny(n.Path, "\\\r\n")) {
		return fault.New(fault.Internal, "a notice must lead to a path of the product")
	}
	if n.Link != nil && n.Path == "" {
		return fault.New(fault.Internal, "a notice with a proof must lead somewhere")
	}
	return nil
}

// fact is a fact in a language, "zh" or "en": the one for that language, the
// one for all, or the other language's.
func (n Notice) fact(name, language string) string {
	for _, key := range []string{name + "_" + language, name, name + "_zh", name + "_en"} {
		if v := n.Facts[key]; v != "" {
			return v
		}
	}
	return ""
}
