package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// Bounds of a workbook, against files that inflate without end.
const (
	maxInflated = 640 << 20
	maxMembers  = 4000
	// inMemory is how large a part may be before it is unpacked to the disk.
	inMemory = 8 << 20
)

type workbook struct {
	file     *excelize.File
	rows     *excelize.Rows
	marks    marks
	number   int
	from1904 bool
}

func openWorkbook(path string) (_ Reader, err error) {
	w := &workbook{}
	defer func() {
		if err != nil {
			_ = w.Close()
		}
	}()
	if w.marks, err = survey(path); err != nil {
		return nil, err
	}
	w.file, err = excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxInflated, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	props, err := w.file.GetWorkbookProps()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	w.from1904 = props.Date1904 != nil && *props.Date1904
	if w.rows, err = w.file.Rows(w.marks.sheet); err != nil {
		return nil, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	return w, nil
}

// survey looks at a workbook before it is unpacked: how large it would be, and
// which cells are formulas or merged.
func survey(path string) (m marks, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return m, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	defer func() { _ = z.Close() }()
	var size uint64
	if len(z.File) > maxMembers {
		return m, roster.TooLarge
	}
	for _, f := range z.File {
		if f.UncompressedSize64 > maxInflated-size {
			return m, roster.TooLarge
		}
		size += f.UncompressedSize64
	}
	for _, f := range z.File {
		if err := asLargeAsItSays(f); err != nil {
			return m, err
		}
	}
	name, part, err := firstSheet(&z.Reader)
	if err != nil {
		return m, err
	}
	in, err := z.Open(part)
	if err != nil {
		return m, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	defer func() { _ = in.Close() }()
	m, err = readMarks(io.LimitReader(in, maxInflated))
	m.sheet = name
	return m, err
}

// asLargeAsItSays: the size in an archive's directory may be a lie, and
// whoever unpacks the member later goes by it.
func asLargeAsItSays(f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	defer func() { _ = in.Close() }()
	n, err := io.Copy(io.Discard, io.LimitReader(in, int64(f.UncompressedSize64)+1))
	switch {
	case n > int64(f.UncompressedSize64):
		return roster.TooLarge
	case err != nil:
		return fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	return nil
}

func (w *workbook) Next() (roster.Line, error) {
	if !w.rows.Next() {
		if err := w.rows.Error(); err != nil && !errors.Is(err, io.EOF) {
			return roster.Line{}, fmt.Errorf("%w: %w", roster.Unreadable, err)
		}
		return roster.Line{}, io.EOF
	}
	w.number++
	cells, err := w.rows.Columns()
	if err != nil && !errors.Is(err, io.EOF) {
		return roster.Line{}, fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	return roster.Line{Number: w.number, Cells: cells, Marks: w.marks.cells[w.number], Serials: true, From1904: w.from1904}, nil
}

func (w *workbook) Format() string { return "xlsx" }

func (w *workbook) Progress() (done, of int64) {
	return int64(min(w.number, w.marks.rows)), int64(w.marks.rows)
}

func (w *workbook) Close() error {
	if w.rows != nil {
		_ = w.rows.Close()
	}
	if w.file != nil {
		return w.file.Close()
	}
	return nil
}
