// Package pdfpages counts the pages of uploaded PDF documents. A file is a
// stranger's: it is read by a process of its own, whose memory and time are
// bounded, so that none can stop the worker.
package pdfpages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// maxNodes bounds the page tree, whose inner nodes hold no pages.
const maxNodes = 20 * media.MaxPages

// read counts the leaves of a PDF's page tree (ISO 32000-1, 7.7.3): what the
// tree says of its own length need not be true. The error is a *media.Failure.
func read(ctx context.Context, f io.ReadSeeker) (pages int, err error) {
	defer func() {
		if p := recover(); p != nil {
			pages, err = 0, fmt.Errorf("%w: %v", media.ErrPDFDamaged, p)
		}
	}()
	if !ended(f) {
		return 0, fmt.Errorf("%w: its end is missing", media.ErrPDFDamaged)
	}
	model.ConfigPath = "disable" // no folder of its own in somebody's home
	conf := model.NewDefaultConfiguration()
	conf.Limits = bounds()
	doc, err := pdfcpu.ReadWithContext(ctx, f, conf)
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrOwnerPasswordRequired), errors.Is(err, pdfcpu.ErrUnsupportedEncryptionFeature):
		return 0, fmt.Errorf("%w: %w", media.ErrPDFLocked, err)
	case err != nil:
		return 0, fmt.Errorf("%w: %w", media.ErrPDFDamaged, err)
	}
	root, err := doc.Pages()
	if err != nil || root == nil {
		return 0, fmt.Errorf("%w: no page tree: %v", media.ErrPDFDamaged, err)
	}
	return leaves(doc.XRefTable, *root)
}

// ended says whether the end of a document is there (ISO 32000-1, 7.5.5): the
// library repairs one that was cut off, with fewer pages than its author wrote.
func ended(f io.ReadSeeker) bool {
	const tail = 4096
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	if _, err := f.Seek(max(0, size-tail), io.SeekStart); err != nil {
		return false
	}
	end, err := io.ReadAll(io.LimitReader(f, tail))
	return err == nil && bytes.Contains(end, []byte("startxref"))
}

// bounds are far above what a document of lessons needs.
func bounds() model.ResourceLimits {
	l := model.DefaultResourceLimits()
	l.MaxStreamBytes, l.MaxDecodeBytes = media.MaxDocument, 128<<20
	l.MaxObjectCount, l.MaxXRefEntries, l.MaxObjectStreamCount = 1_000_000, 1_000_000, 100_000
	return l
}

func leaves(table *model.XRefTable, root types.IndirectRef) (pages int, err error) {
	seen := map[types.IndirectRef]bool{}
	nodes := 0
	for left := (types.Array{root}); len(left) > 0; {
		o := left[len(left)-1]
		left = left[:len(left)-1]
		if nodes++; nodes > maxNodes {
			return 0, media.ErrTooManyPages
		}
		if ref, ok := o.(types.IndirectRef); ok {
			if seen[ref] {
				continue // a tree that leads back into itself
			}
			seen[ref] = true
		}
		kids, leaf := kidsOf(table, o)
		left = append(left, kids...)
		if leaf {
			pages++
		}
		if pages > media.MaxPages || len(left) > maxNodes {
			return 0, media.ErrTooManyPages
		}
	}
	if pages == 0 {
		return 0, media.ErrNoPages
	}
	return pages, nil
}

// kidsOf is what a node holds; one that holds nothing and is no inner node is a page.
func kidsOf(table *model.XRefTable, o types.Object) (kids types.Array, leaf bool) {
	d, err := table.DereferenceDict(o)
	if err != nil || d == nil {
		return nil, false
	}
	if held, ok := d.Find("Kids"); ok {
		kids, _ = table.DereferenceArray(held)
		return kids, false
	}
	kind := d.Type()
	return nil, kind == nil || *kind == "Page"
}
