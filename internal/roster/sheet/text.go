package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// longest is how many bytes a cell may have before its row is taken for one
// whose quotation mark is never closed.
const longest = 64 << 10

type textFile struct {
	file   *os.File
	size   int64
	read   *counter
	csv    *csv.Reader
	format string
	within int // line breaks inside of cells so far
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func openText(f *os.File) (Reader, error) {
	t := &textFile{file: f}
	enc, name, err := encodingOf(f)
	if err == nil {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil {
			t.size = info.Size()
			_, err = f.Seek(0, io.SeekStart)
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	t.read = &counter{r: f}
	in := bufio.NewReaderSize(transform.NewReader(t.read, enc.NewDecoder()), 64<<10)
	head, _ := in.Peek(32 << 10)
	if bytes.IndexByte(head, 0) >= 0 {
		_ = f.Close()
		return nil, roster.Unreadable
	}
	t.csv = csv.NewReader(in)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.LazyQuotes = delimiterOf(head), -1, true
	t.format = "csv, " + name
	return t, nil
}

// encodingOf finds the encoding by a byte order mark, else takes UTF-8 if all
// of the file is that, and GB18030 otherwise.
func encodingOf(f *os.File) (encoding.Encoding, string, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	in := bufio.NewReaderSize(f, 64<<10)
	switch head, _ := in.Peek(3); {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16", nil
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return unicode.UTF8BOM, "UTF-8", nil
	}
	whole, err := isUTF8(in)
	if err != nil {
		return nil, "", err
	}
	if whole {
		return unicode.UTF8, "UTF-8", nil
	}
	return simplifiedchinese.GB18030, "GB18030", nil
}

func isUTF8(in *bufio.Reader) (bool, error) {
	for {
		r, size, err := in.ReadRune()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if r == utf8.RuneError && size == 1 {
			return false, nil
		}
	}
}

// delimiterOf is what stands most often in the first line, outside of quotes.
func delimiterOf(head []byte) rune {
	counts, quoted := map[rune]int{}, false
	for _, r := range string(head) {
		if r == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if r == '\n' && len(counts) > 0 {
			break
		}
		if strings.ContainsRune(",;\t|", r) {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

func (t *textFile) Next() (roster.Line, error) {
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return roster.Line{}, io.EOF
	}
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		return roster.Line{Number: broken.StartLine - t.within, Broken: true}, nil
	}
	if err != nil {
		return roster.Line{}, err
	}
	line, _ := t.csv.FieldPos(0)
	l := roster.Line{Number: line - t.within, Cells: cells}
	for _, c := range cells {
		t.within += strings.Count(c, "\n")
		l.Broken = l.Broken || len(c) > longest
	}
	return l, nil
}

func (t *textFile) Format() string             { return t.format }
func (t *textFile) Progress() (done, of int64) { return t.read.n, t.size }
func (t *textFile) Close() error               { return t.file.Close() }
