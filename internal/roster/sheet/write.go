package sheet

import (
	"encoding/csv"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// Writer writes a table row by row; nothing it writes is taken for a formula.
type Writer interface {
	Write(cells []string) error
	Close() error // writes what is left
}

type csvWriter struct{ w *csv.Writer }

// NewCSV writes UTF-8 with a byte order mark, which spreadsheets know it by.
func NewCSV(to io.Writer) (Writer, error) {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return nil, err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	return csvWriter{w}, nil
}

func (c csvWriter) Write(cells []string) error {
	safe := make([]string, len(cells))
	for i, s := range cells {
		safe[i] = roster.Defuse(s)
	}
	return c.w.Write(safe)
}

func (c csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

type bookWriter struct {
	to   io.Writer
	file *excelize.File
	rows *excelize.StreamWriter
	row  int
}

// NewXLSX writes a workbook. Its cells are texts, which are never evaluated.
func NewXLSX(to io.Writer, widths []float64) (Writer, error) {
	f := excelize.NewFile()
	rows, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	for i, w := range widths {
		if err := rows.SetColWidth(i+1, i+1, w); err != nil {
			return nil, err
		}
	}
	if err := rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return &bookWriter{to: to, file: f, rows: rows}, nil
}

func (b *bookWriter) Write(cells []string) error {
	b.row++
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, s := range cells {
		values[i] = s
	}
	return b.rows.SetRow(at, values)
}

func (b *bookWriter) Close() error {
	defer func() { _ = b.file.Close() }()
	if err := b.rows.Flush(); err != nil {
		return err
	}
	_, err := b.file.WriteTo(b.to)
	return err
}
