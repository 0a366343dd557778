package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/sheet"
)

func written(t testing.TB, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "people")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(t testing.TB, data []byte) (lines []roster.Line, format string, err error) {
	t.Helper()
	r, err := sheet.Open(written(t, data))
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = r.Close() }()
	for {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, r.Format(), nil
		}
		if err != nil {
			return lines, r.Format(), err
		}
		lines = append(lines, l)
	}
}

func TestTextIsReadInEveryEncodingAndWithEveryDelimiter(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, delimiter, format string
		encode                  func(string) []byte
	}{
		{"UTF-8", ",", "csv, UTF-8", func(s string) []byte { return []byte(s) }},
		{"with a mark", ";", "csv, UTF-8", func(s string) []byte { return []byte("\ufeff" + s) }},
		{"GB18030", "\t", "csv, GB18030", func(s string) []byte {
			b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
			if err != nil {
				t.Fatal(err)
			}
			return []byte(b)
		}},
		{"Excel's Unicode text", "\t", "csv, UTF-16", func(s string) []byte {
			b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
			if err != nil {
				t.Fatal(err)
			}
			return []byte(b)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.ReplaceAll("姓名|邮箱|部门\r\n李雷|li@example.cn|\"一部\r\n二部, \"\"甲\"\"; x\"\r\n\r\n𠮷野|ji@example.cn|\r\n", "|", tc.delimiter)
			lines, format, err := read(t, tc.encode(text))
			if err != nil || format != tc.format || len(lines) != 3 {
				t.Fatalf("%v %q %v", lines, format, err)
			}
			if want := []string{"李雷", "li@example.cn", "一部\n二部, \"甲\"; x"}; !slices.Equal(lines[1].Cells, want) || lines[1].Number != 2 {
				t.Errorf("%+v", lines[1])
			}
			if lines[2].Number != 4 || lines[2].Cells[0] != "𠮷野" {
				t.Errorf("after a line break within a cell and an empty line: %+v", lines[2])
			}
		})
	}
}

func TestAQuoteThatIsNeverClosedIsOneBrokenRow(t *testing.T) {
	t.Parallel()
	lines, _, err := read(t, []byte("姓名,邮箱\n\"李雷,li@example.cn\n"+strings.Repeat("a,b\n", 40_000)))
	if err != nil || len(lines) != 2 || !lines[1].Broken {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
}

func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestAWorkbookTellsFormulasAndMergedCells(t *testing.T) {
	t.Parallel()
	lines, format, err := read(t, book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"员工名单"}), f.MergeCell("Sheet1", "A1", "C1"),
			f.SetSheetRow("Sheet1", "A2", &[]any{"姓名", "邮箱", "工号", "入职日期"}),
			f.SetSheetRow("Sheet1", "A3", &[]any{"李雷", "li@example.cn", 13800138000, 46082}),
			f.SetSheetRow("Sheet1", "A5", &[]any{"韩梅梅", "", 7}), f.SetCellFormula("Sheet1", "B5", `A5&"@example.cn"`), f.MergeCell("Sheet1", "C5", "D6"))
	}))
	if err != nil || format != "xlsx" || len(lines) < 5 {
		t.Fatalf("%v %q %v", lines, format, err)
	}
	if lines[0].Marks[1] != roster.Merged || lines[2].Cells[2] != "13800138000" || lines[2].Cells[3] != "46082" || lines[2].Number != 3 || !lines[3].Empty() {
		t.Errorf("%+v", lines)
	}
	if m := lines[4].Marks; m[1] != roster.Formula || m[2] != roster.Merged || m[3] != roster.Merged || m[0] != "" {
		t.Errorf("%+v", lines[4])
	}
}

func TestATitleAboveTheHeadingsIsSkipped(t *testing.T) {
	t.Parallel()
	r, err := sheet.Open(written(t, []byte("员工名单,\n\n制表：人事处,\n姓名,邮箱\n李雷,li@example.cn\n")))
	must(t, err)
	defer func() { _ = r.Close() }()
	h, c, rest, err := sheet.Headings(r)
	if err != nil || h.Number != 4 || !c.Whole() || len(rest) != 0 {
		t.Errorf("%+v %v %v %v", h, c, rest, err)
	}
}

func TestHeadingsNobodyKnowsAreTheFirstRow(t *testing.T) {
	t.Parallel()
	r, err := sheet.Open(written(t, []byte("甲,乙\n李雷,li@example.cn\n")))
	must(t, err)
	defer func() { _ = r.Close() }()
	h, c, rest, err := sheet.Headings(r)
	if err != nil || h.Number != 1 || c.Whole() || len(rest) != 1 {
		t.Errorf("%+v %v %v %v", h, c, rest, err)
	}
}

func TestAMillionEmptyRowsAreNobody(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>`)
	for i := 2; i <= 1_000_000; i++ {
		fmt.Fprintf(&b, `<row r="%d"/>`, i)
	}
	b.WriteString(`</sheetData></worksheet>`)
	r, err := sheet.Open(written(t, packed(t, b.String())))
	must(t, err)
	defer func() { _ = r.Close() }()
	filled := 0
	for {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		if !l.Empty() {
			filled++
		}
	}
	if filled != 1 {
		t.Errorf("%d rows hold something", filled)
	}
}

// packed is a workbook around the XML of its one sheet.
func packed(t testing.TB, xml string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   xml,
	} {
		w, err := z.Create(name)
		must(t, err)
		_, err = io.WriteString(w, text)
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// bomb is an archive with a member that says one size and has another.
func bomb(t testing.TB, says uint64, has int) []byte {
	t.Helper()
	var inner, b bytes.Buffer
	deflated, err := flate.NewWriter(&inner, 9)
	must(t, err)
	_, err = deflated.Write(make([]byte, has))
	must(t, err, deflated.Close())
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/sharedStrings.xml", Method: zip.Deflate, CompressedSize64: uint64(inner.Len()), UncompressedSize64: says})
	must(t, err)
	_, err = w.Write(inner.Bytes())
	must(t, err, z.Close())
	return b.Bytes()
}

func TestWhatCannotBeReadSaysWhy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		data []byte
		want roster.Failure
	}{
		{"nothing", nil, roster.NoRows},
		{"a workbook under a password", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), roster.Encrypted},
		{"a torn workbook", []byte("PK\x03\x04 torn"), roster.Unreadable},
		{"an empty archive", []byte("PK\x05\x06" + strings.Repeat("\x00", 18)), roster.Unreadable},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), roster.Unreadable},
		{"a bomb", bomb(t, 1<<40, 10), roster.TooLarge},
		{"a bomb that says it is small", bomb(t, 10, 4<<20), roster.Unreadable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, _, err := read(t, tc.data); !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"姓名", "邮箱"}, {"李雷", "+li@example.cn"}, {"a\"b,c\nd", "-x"}}
	for _, kind := range []string{"csv", "xlsx"} {
		var b bytes.Buffer
		w, err := sheet.NewCSV(&b)
		if kind == "xlsx" {
			b.Reset()
			w, err = sheet.NewXLSX(&b, []float64{20})
		}
		must(t, err)
		for _, r := range rows {
			must(t, w.Write(r))
		}
		must(t, w.Close())
		lines, _, err := read(t, b.Bytes())
		must(t, err)
		if len(lines) != 3 || lines[1].Cells[0] != "李雷" || strings.TrimPrefix(lines[1].Cells[1], "'") != "+li@example.cn" || lines[2].Cells[0] != rows[2][0] {
			t.Errorf("%s: %+v", kind, lines)
		}
		if kind == "csv" && lines[1].Cells[1] != "'+li@example.cn" {
			t.Errorf("a cell of the CSV begins a formula: %q", lines[1].Cells[1])
		}
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add([]byte("姓名,邮箱\n李雷,li@example.cn\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add(book(f, func(x *excelize.File) { must(f, x.SetSheetRow("Sheet1", "A1", &[]any{"姓名", 1, 2.5})) }))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 {
			return
		}
		_, _, _ = read(t, data)
	})
}
