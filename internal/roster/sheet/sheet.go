// Package sheet reads the rows of a file of people, a workbook or delimited
// text, one after the other: its size does not decide how much memory that
// takes, and nothing in it is ever evaluated.
package sheet

import (
	"bytes"
	"io"
	"os"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// Reader gives the lines of a file in order.
type Reader interface {
	// Next is the next line, or io.EOF.
	Next() (roster.Line, error)
	// Format is what the file turned out to be: "xlsx", "csv, GB18030".
	Format() string
	// Progress is how much of the file has been read, in units of its own.
	Progress() (done, of int64)
	Close() error
}

// Open finds out what a file is by its content. An error it gives for the
// file's own sake is a roster.Failure.
func Open(path string) (Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 8)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 {
		_ = f.Close()
		return nil, roster.NoRows
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		_ = f.Close()
		return openWorkbook(path)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		// A compound file: a workbook under a password, or one of Excel 97.
		_ = f.Close()
		return nil, roster.Encrypted
	case bytes.HasPrefix(head, []byte("PK")):
		_ = f.Close()
		return nil, roster.Unreadable
	}
	return openText(f)
}
