package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/registry/certpdf"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// hoursService is httpapi.Hours over the database, the signing key and the printer.
type hoursService struct {
	*registrydb.Store
	signer *registry.Signer
	zone   *time.Location
}

func newHours(db *pg.DB, ledgerKey string, now func() time.Time) (*hoursService, error) {
	signer, err := registry.NewSigner(ledgerKey)
	if err != nil {
		return nil, &config.Error{Name: config.Prefix + "LEDGER_KEY", Why: err.Error()}
	}
	// Dates on paper are dates where the register is kept.
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, fmt.Errorf("time zone of certificates: %w", err)
	}
	return &hoursService{registrydb.New(db, now), signer, zone}, nil
}

func (h *hoursService) Sign(size int64, root tlog.Hash) (registry.Checkpoint, error) {
	return h.signer.Sign(size, root)
}

func (h *hoursService) Print(c registry.Certificate, check string) ([]byte, error) {
	return certpdf.Draw(c, check, h.zone)
}

// VerifyLedger recomputes the whole register and says what it found.
func VerifyLedger(ctx context.Context, c *config.Config, log *slog.Logger) (string, error) {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 2, Logger: log})
	if err != nil {
		return "", &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	defer db.Close()
	h, err := newHours(db, c.LedgerKey, time.Now)
	if err != nil {
		return "", err
	}
	r, err := h.Verify(ctx)
	if err != nil {
		return "", fmt.Errorf("the register does not hold: %w", err)
	}
	checkpoint, err := h.Sign(r.Entries, r.Root)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries, all in order\n\n%s", r.Entries, checkpoint.Note), nil
}
