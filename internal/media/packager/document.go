package packager

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/pdfpages"
)

// PageCounter counts the pages of a PDF; a *media.Failure is the file's own fault.
type PageCounter interface {
	Count(ctx context.Context, f *os.File) (int, error)
}

var _ PageCounter = pdfpages.Counter{}

// Document joins the parts of a PDF, counts its pages and stores it whole.
// Errors are as of Package.
func (p *Packager) Document(ctx context.Context, a media.Asset) (pages int, err error) {
	dir, err := os.MkdirTemp(p.temp, "hg-media-")
	if err != nil {
		return 0, fmt.Errorf("working folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	name := filepath.Join(dir, "input.pdf")
	if err := p.assemble(ctx, a, name); err != nil {
		return 0, err
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	// The first bytes say what it is (ISO 32000-1, 7.5.2), and tell another
	// kind of file from a damaged one.
	magic := make([]byte, 5)
	if _, err := io.ReadFull(f, magic); err != nil || string(magic) != "%PDF-" {
		return 0, media.ErrNotPDF
	}
	if pages, err = p.pages.Count(ctx, f); err != nil {
		return 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	return pages, p.store.Put(ctx, media.FileKey(a.ID), f, a.SizeBytes, "application/pdf")
}
