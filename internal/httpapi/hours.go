package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// HourPolicy is the policy a year is counted by.
type HourPolicy struct {
	ID            uuid.UUID `json:"id"`
	Title         Text      `json:"title"`
	Jurisdiction  *OrgRef   `json:"jurisdiction,omitempty" doc:"Absent: the founding policy"`
	RequiredHours float64   `json:"required_hours"`
	PublicShare   [2]int    `json:"public_share" doc:"[1, 3]: public subjects count for at most a third of the required hours"`
	HourMinutes   int       `json:"hour_minutes"`
	DayHours      float64   `json:"day_hours"`
}

// HourEntry is one line of the register.
type HourEntry struct {
	Index      int64      `json:"index" doc:"In the ledger"`
	Kind       string     `json:"kind" enum:"registered,correction"`
	Subject    string     `json:"subject" enum:"professional,public"`
	Title      Text       `json:"title"`
	Provider   *OrgRef    `json:"provider,omitempty"`
	CourseID   *uuid.UUID `json:"course_id,omitempty"`
	Hours      float64    `json:"hours"`
	Counted    float64    `json:"counted" doc:"What of it counts under the policy"`
	EarnedAt   time.Time  `json:"earned_at"`
	RecordedAt time.Time  `json:"recorded_at"`
	Serial     *string    `json:"certificate_serial,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"Of a correction"`
}

// BySubject splits hours.
type BySubject struct {
	Professional float64 `json:"professional"`
	Public       float64 `json:"public"`
}

// YearAccount is a person's year.
type YearAccount struct {
	Year      int         `json:"year"`
	Policy    HourPolicy  `json:"policy"`
	Required  float64     `json:"required"`
	Counted   float64     `json:"counted"`
	Missing   float64     `json:"missing"`
	BySubject BySubject   `json:"by_subject" doc:"Counted hours"`
	Recorded  BySubject   `json:"recorded" doc:"Registered hours, above the cap too"`
	PublicCap float64     `json:"public_cap"`
	Met       bool        `json:"met"`
	DaysLeft  int         `json:"days_left" doc:"0 for a past year"`
	Entries   []HourEntry `json:"entries" doc:"Newest first"`
	Years     []int       `json:"years" doc:"Years with entries, and this one"`
}

// HoursInput chooses a year.
type HoursInput struct {
	Year int `query:"year" minimum:"1995" maximum:"2200" doc:"Absent: the present year of the jurisdiction"`
}

// Certificate proves a course.
type Certificate struct {
	Serial      string    `json:"serial"`
	Holder      string    `json:"holder"`
	Title       Text      `json:"title"`
	Subject     string    `json:"subject" enum:"professional,public"`
	Hours       float64   `json:"hours"`
	Year        int       `json:"year"`
	Issuer      Text      `json:"issuer"`
	EarnedAt    time.Time `json:"earned_at"`
	IssuedAt    time.Time `json:"issued_at"`
	LedgerIndex int64     `json:"ledger_index"`
	URL         string    `json:"url" doc:"The page anyone can open"`
	PDFURL      string    `json:"pdf_url"`
}

// CertificateCheck is what anyone sees who checks a certificate.
type CertificateCheck struct {
	Certificate
	Valid      bool             `json:"valid" doc:"False when a later entry takes its hours back"`
	Corrected  string           `json:"corrected,omitempty" doc:"Why it no longer holds"`
	Proof      LedgerProof      `json:"proof"`
	Checkpoint LedgerCheckpoint `json:"checkpoint"`
	Verified   bool             `json:"verified" doc:"The server recomputed the proof just now"`
}

// LedgerCheckpoint is the signed head of the ledger.
type LedgerCheckpoint struct {
	Origin   string `json:"origin"`
	Size     int64  `json:"size"`
	RootHash string `json:"root_hash" doc:"Base64"`
	Note     string `json:"note" doc:"The signed note (C2SP tlog-checkpoint)"`
	Key      string `json:"key" doc:"The verifier key of the note"`
}

// LedgerProof shows that an entry stands in the ledger of a size.
type LedgerProof struct {
	Index    int64    `json:"index"`
	Size     int64    `json:"size"`
	LeafHash string   `json:"leaf_hash" doc:"Base64; RFC 6962 leaf hash of the entry's record"`
	Hashes   []string `json:"hashes" doc:"Base64; audit path"`
}

// ProofInput names an entry and a tree size.
type ProofInput struct {
	Index int64 `path:"index" minimum:"0"`
	Size  int64 `query:"size" minimum:"1" doc:"Absent: the present size"`
}

// SerialInput names a certificate.
type SerialInput struct {
	Serial string `path:"serial" minLength:"4" maxLength:"40" pattern:"^[0-9A-Za-z-]+$"`
}

func (s *Server) registerHours(a huma.API) {
	tags := []string{"Hours"}
	register(a, identity.Own, huma.Operation{OperationID: "get-my-hours", Method: http.MethodGet, Path: "/me/hours", Tags: tags, Summary: "A year's account"}, s.getHours)
	register(a, identity.Own, huma.Operation{OperationID: "list-my-certificates", Method: http.MethodGet, Path: "/me/certificates", Tags: tags, Summary: "One's certificates, newest first"}, s.listCertificates)
	s.registerRaw(a, identity.Public, huma.Operation{OperationID: "get-certificate-pdf", Method: http.MethodGet, Path: "/certificates/{serial}.pdf", Tags: tags, Summary: "A certificate as a PDF"}, s.certificatePDF)
	register(a, identity.Public, huma.Operation{OperationID: "check-certificate", Method: http.MethodGet, Path: "/certificates/{serial}", Tags: tags, Summary: "Check a certificate"}, s.checkCertificate)
	register(a, identity.Public, huma.Operation{OperationID: "get-checkpoint", Method: http.MethodGet, Path: "/ledger/checkpoint", Tags: tags, Summary: "The signed head of the ledger"}, s.getCheckpoint)
	register(a, identity.Public, huma.Operation{OperationID: "get-proof", Method: http.MethodGet, Path: "/ledger/entries/{index}/proof", Tags: tags, Summary: "Proof that an entry stands in the ledger"}, s.getProof)
}

// CertificateList is all of a person's certificates.
type CertificateList struct {
	Items      []Certificate `json:"items"`
	NextCursor *string       `json:"next_cursor" nullable:"true"`
}
