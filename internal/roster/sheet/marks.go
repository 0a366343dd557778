package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/hourglass-lms/hourglass/internal/roster"
)

// marks are what reading values row by row does not tell of a sheet.
type marks struct {
	sheet string
	rows  int // the highest row
	cells map[int]map[int]roster.Mark
	count int
}

// maxMarks bounds the cells that are remembered.
const maxMarks = 500_000

// maxTag is longer than any tag of a sheet that is one.
const maxTag = 1 << 20

func (m *marks) set(row, col int, k roster.Mark) error {
	if m.count++; m.count > maxMarks {
		return roster.TooLarge
	}
	if m.cells[row] == nil {
		m.cells[row] = map[int]roster.Mark{}
	}
	m.cells[row][col] = k
	return nil
}

// readMarks goes through a sheet's XML tag by tag, without building anything
// of it: values may be hundreds of megabytes.
func readMarks(r io.Reader) (m marks, err error) {
	m.cells = map[int]map[int]roster.Mark{}
	in := bufio.NewReaderSize(r, 256<<10)
	cell := ""
	for {
		if err := skipTo(in, '<'); err != nil {
			if errors.Is(err, io.EOF) {
				return m, nil
			}
			return m, fmt.Errorf("%w: %w", roster.Unreadable, err)
		}
		tag, err := readTag(in)
		if err != nil {
			return m, fmt.Errorf("%w: %w", roster.Unreadable, err)
		}
		name, rest, _ := strings.Cut(strings.TrimSuffix(tag, "/"), " ")
		if i := strings.IndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		switch name {
		case "row":
			m.rows++
		case "c":
			cell = attribute(rest, "r")
		case "f":
			if col, row, err := excelize.CellNameToCoordinates(cell); err == nil {
				if err := m.set(row, col-1, roster.Formula); err != nil {
					return m, err
				}
			}
		case "mergeCell":
			if err := m.merged(attribute(rest, "ref")); err != nil {
				return m, err
			}
		}
	}
}

func skipTo(in *bufio.Reader, c byte) error {
	for {
		_, err := in.ReadSlice(c)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func readTag(in *bufio.Reader) (string, error) {
	var long []byte
	for {
		part, err := in.ReadSlice('>')
		if err == nil && long == nil {
			return string(part[:len(part)-1]), nil
		}
		long = append(long, part...)
		switch {
		case err == nil:
			return string(long[:len(long)-1]), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		case len(long) > maxTag:
			return "", errors.New("a tag without end")
		}
	}
}

// attribute is the value of one, of those that hold no references.
func attribute(tag, name string) string {
	for _, quote := range []string{`"`, `'`} {
		if _, after, ok := strings.Cut(" "+tag, " "+name+"="+quote); ok {
			value, _, _ := strings.Cut(after, quote)
			return value
		}
	}
	return ""
}

func (m *marks) merged(ref string) error {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return nil
	}
	c0, r0, err0 := excelize.CellNameToCoordinates(from)
	c1, r1, err1 := excelize.CellNameToCoordinates(to)
	if err0 != nil || err1 != nil {
		return nil
	}
	for row := r0; row <= r1; row++ {
		for col := c0; col <= c1; col++ {
			if err := m.set(row, col-1, roster.Merged); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstSheet is the first sheet that is to be seen, and its part of the package.
func firstSheet(z *zip.Reader) (name, part string, err error) {
	var book struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			Rel   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(decode(z, "xl/workbook.xml", &book), decode(z, "xl/_rels/workbook.xml.rels", &rels)); err != nil {
		return "", "", fmt.Errorf("%w: %w", roster.Unreadable, err)
	}
	for _, s := range book.Sheets {
		if s.State == "hidden" || s.State == "veryHidden" {
			continue
		}
		for _, r := range rels.All {
			if r.ID == s.Rel && strings.HasPrefix(r.Target, "/") {
				return s.Name, strings.TrimPrefix(path.Clean(r.Target), "/"), nil
			} else if r.ID == s.Rel {
				return s.Name, path.Join("xl", r.Target), nil
			}
		}
	}
	return "", "", roster.Unreadable
}

func decode(z *zip.Reader, name string, into any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return xml.NewDecoder(io.LimitReader(f, 4<<20)).Decode(into)
}
