package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/registry"
)

// Hours is what the operations on the register call.
type Hours interface {
	// Year is a person's account; year 0 is the present one where they work.
	Year(ctx context.Context, person uuid.UUID, year int) (registry.Account, error)
	Years(ctx context.Context, person uuid.UUID) ([]int, error)
	Certificates(ctx context.Context, person uuid.UUID, limit int, before *int64) (items []registry.Certificate, more bool, err error)
	Certificate(ctx context.Context, serial string) (registry.Certificate, error)
	Size(ctx context.Context) (int64, error)
	Root(ctx context.Context, size int64) (tlog.Hash, error)
	Prove(ctx context.Context, index, size int64) (registry.Proof, error)
	Sign(size int64, root tlog.Hash) (registry.Checkpoint, error)
	// Print is the certificate as a PDF whose code opens the address.
	Print(c registry.Certificate, check string) ([]byte, error)
}

func (s *Server) getHours(ctx context.Context, in *HoursInput) (*Body[YearAccount], error) {
	person := identity.ActorFrom(ctx).PersonID
	a, err := s.svc.Hours.Year(ctx, person, in.Year)
	if err != nil {
		return nil, err
	}
	years, err := s.svc.Hours.Years(ctx, person)
	if err != nil {
		return nil, err
	}
	out := accountOf(a)
	out.DaysLeft = daysLeft(a.Year, s.now())
	for _, y := range []int{s.now().Year(), a.Year} {
		if !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	slices.SortFunc(years, func(x, y int) int { return y - x })
	out.Years = years
	return &Body[YearAccount]{out}, nil
}

// daysLeft counts the days of the year that are still to come, today included.
func daysLeft(year int, now time.Time) int {
	end := time.Date(year+1, 1, 1, 0, 0, 0, 0, now.Location())
	if !end.After(now) {
		return 0
	}
	return int(end.Sub(now).Hours()/24) + 1
}

func accountOf(a registry.Account) YearAccount {
	p := a.Policy
	out := YearAccount{
		Year: a.Year, Required: p.Required.Float(), Counted: a.Total().Float(), Missing: a.Missing().Float(), PublicCap: p.PublicCap().Float(), Met: a.Met(),
		BySubject: BySubject{a.Counted.Professional.Float(), a.Counted.Public.Float()}, Recorded: BySubject{a.Recorded.Professional.Float(), a.Recorded.Public.Float()},
		Policy:  HourPolicy{ID: p.ID, Title: Text(p.Title), RequiredHours: p.Required.Float(), PublicShare: [2]int{p.PublicNum, p.PublicDen}, HourMinutes: p.HourMinutes, DayHours: p.DayHours.Float()},
		Entries: []HourEntry{},
	}
	if p.Jurisdiction != nil {
		out.Policy.Jurisdiction = new(orgRefOf(*p.Jurisdiction))
	}
	for _, e := range a.Entries {
		h := HourEntry{
			Index: e.Index, Kind: e.Kind, Subject: string(e.Subject), Title: Text(e.Title.Or()), CourseID: e.CourseID, Hours: e.Hours.Float(), Counted: e.Counts.Float(),
			EarnedAt: e.EarnedAt, RecordedAt: e.RecordedAt, Serial: e.Serial, Reason: e.Reason,
		}
		if e.Provider != nil {
			h.Provider = new(orgRefOf(*e.Provider))
		}
		out.Entries = append(out.Entries, h)
	}
	return out
}

func (s *Server) listCertificates(ctx context.Context, in *ListInput) (*Body[CertificateList], error) {
	var before *int64
	if in.Cursor != "" {
		n, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		before = &n
	}
	items, more, err := s.svc.Hours.Certificates(ctx, identity.ActorFrom(ctx).PersonID, in.Limit, before)
	if err != nil {
		return nil, err
	}
	out := CertificateList{Items: []Certificate{}}
	for _, c := range items {
		out.Items = append(out.Items, s.certificateOf(c))
	}
	if more {
		out.NextCursor = new(strconv.FormatInt(items[len(items)-1].Entry.Index, 10))
	}
	return &Body[CertificateList]{out}, nil
}

func (s *Server) certificateOf(c registry.Certificate) Certificate {
	e := c.Entry
	return Certificate{
		Serial: c.Serial, Holder: c.Holder, Title: Text(e.Title.Or()), Subject: string(e.Subject), Hours: e.Hours.Float(), Year: e.Year, Issuer: Text(c.Issuer.Or()),
		EarnedAt: e.EarnedAt, IssuedAt: c.IssuedAt, LedgerIndex: e.Index, URL: s.checkURL(c.Serial), PDFURL: fmt.Sprintf("%s/certificates/%s.pdf", Base, c.Serial),
	}
}

// checkURL is the page anyone can open; it stands in QR codes on paper and must not change.
func (s *Server) checkURL(serial string) string {
	return s.origin + "/verify/" + url.PathEscape(serial)
}

func (s *Server) certificate(ctx context.Context, typed string) (registry.Certificate, error) {
	serial, err := registry.ParseSerial(typed)
	if err != nil {
		return registry.Certificate{}, err
	}
	return s.svc.Hours.Certificate(ctx, serial)
}

func (s *Server) checkCertificate(ctx context.Context, in *SerialInput) (*Body[CertificateCheck], error) {
	c, err := s.certificate(ctx, in.Serial)
	if err != nil {
		return nil, err
	}
	checkpoint, err := s.checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	proof, err := s.svc.Hours.Prove(ctx, c.Entry.Index, checkpoint.Size)
	if err != nil {
		return nil, err
	}
	return &Body[CertificateCheck]{CertificateCheck{
		Certificate: s.certificateOf(c), Valid: c.CorrectedBy == "", Corrected: c.CorrectedBy,
		Proof: proofOf(proof), Checkpoint: checkpointOf(checkpoint), Verified: proof.Holds(checkpoint.Root),
	}}, nil
}

func (s *Server) checkpoint(ctx context.Context) (registry.Checkpoint, error) {
	size, err := s.svc.Hours.Size(ctx)
	if err != nil {
		return registry.Checkpoint{}, err
	}
	root, err := s.svc.Hours.Root(ctx, size)
	if err != nil {
		return registry.Checkpoint{}, err
	}
	return s.svc.Hours.Sign(size, root)
}

func (s *Server) getCheckpoint(ctx context.Context, _ *struct{}) (*Body[LedgerCheckpoint], error) {
	c, err := s.checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return &Body[LedgerCheckpoint]{checkpointOf(c)}, nil
}

func (s *Server) getProof(ctx context.Context, in *ProofInput) (*Body[LedgerProof], error) {
	p, err := s.svc.Hours.Prove(ctx, in.Index, in.Size)
	if err != nil {
		return nil, err
	}
	return &Body[LedgerProof]{proofOf(p)}, nil
}

func base64Of(h tlog.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

func checkpointOf(c registry.Checkpoint) LedgerCheckpoint {
	return LedgerCheckpoint{Origin: c.Origin, Size: c.Size, RootHash: base64Of(c.Root), Note: c.Note, Key: c.Key}
}

func proofOf(p registry.Proof) LedgerProof {
	out := LedgerProof{Index: p.Index, Size: p.Size, LeafHash: base64Of(p.Leaf), Hashes: []string{}}
	for _, h := range p.Path {
		out.Hashes = append(out.Hashes, base64Of(h))
	}
	return out
}

func (s *Server) certificatePDF(c *fiber.Ctx) error {
	cert, err := s.certificate(c.UserContext(), c.Params("serial"))
	if err != nil {
		return err
	}
	data, err := s.svc.Hours.Print(cert, s.checkURL(cert.Serial))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderCacheControl, "private, max-age=3600")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+cert.Serial+`.pdf"`)
	return c.Send(data)
}
