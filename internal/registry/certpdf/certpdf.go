// Package certpdf draws a certificate as a PDF that people print: A4
// landscape, in both languages, with a QR code that opens its check page.
package certpdf

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/signintech/gopdf"
	"rsc.io/qr"

	"github.com/hourglass-lms/hourglass/internal/registry"
)

// Noto Serif SC (OFL 1.1, OFL.txt), with every ideograph of the basic plane;
// tools/fonts/subset.mjs makes it. Only the glyphs used go into a PDF.
//
//go:embed NotoSerifSC.ttf.gz
var fontGz []byte

var font = sync.OnceValues(func() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(fontGz))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
})

// The page, in points.
const (
	width, height = 841.89, 595.28
	margin        = 34.0
	centre        = width / 2
)

type colour struct{ r, g, b uint8 }

var (
	ink    = colour{28, 36, 48}
	muted  = colour{96, 106, 120}
	accent = colour{15, 92, 120}
	line   = colour{190, 202, 212}
)

// Draw writes the certificate; check is the address its QR code opens, zone
// where its dates are dates.
func Draw(c registry.Certificate, check string, zone *time.Location) ([]byte, error) {
	ttf, err := font()
	if err != nil {
		return nil, fmt.Errorf("certificate's font: %w", err)
	}
	d := &drawing{pdf: &gopdf.GoPdf{}}
	d.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: width, H: height}})
	d.pdf.SetInfo(gopdf.PdfInfo{Title: "Hourglass " + c.Serial, Author: c.Issuer.Zh, Creator: "Hourglass", CreationDate: c.IssuedAt})
	if err := d.pdf.AddTTFFontData("serif", ttf); err != nil {
		return nil, fmt.Errorf("certificate's font: %w", err)
	}
	d.pdf.AddPage()
	d.frame()
	d.words(c, zone)
	d.foot(c, check, zone)
	if d.err != nil {
		return nil, fmt.Errorf("draw certificate %s: %w", c.Serial, d.err)
	}
	return d.pdf.GetBytesPdfReturnErr()
}

// drawing keeps the first error, so that drawing reads as drawing.
type drawing struct {
	pdf *gopdf.GoPdf
	err error
}

func (d *drawing) keep(err error) {
	if d.err == nil {
		d.err = err
	}
}

// frame is a double border with an hourglass above the title.
func (d *drawing) frame() {
	d.stroke(accent, 2)
	d.pdf.RectFromUpperLeftWithStyle(margin, margin, width-2*margin, height-2*margin, "D")
	d.stroke(line, 0.7)
	d.pdf.RectFromUpperLeftWithStyle(margin+7, margin+7, width-2*margin-14, height-2*margin-14, "D")
	d.stroke(accent, 1.6)
	const top, h, w = 62.0, 30.0, 11.0
	d.pdf.Line(centre-w, top, centre+w, top)
	d.pdf.Line(centre-w, top+h, centre+w, top+h)
	d.pdf.Line(centre-w+2, top, centre+w-2, top+h)
	d.pdf.Line(centre+w-2, top, centre-w+2, top+h)
}

func (d *drawing) stroke(c colour, w float64) {
	d.pdf.SetStrokeColor(c.r, c.g, c.b)
	d.pdf.SetLineWidth(w)
}

// text draws centred at y and shrinks what is wider than the page allows.
func (d *drawing) text(text string, y, size float64, c colour) {
	d.textAt(text, centre, y, size, c, 640)
}

func (d *drawing) textAt(text string, x, y, size float64, c colour, room float64) {
	d.pdf.SetTextColor(c.r, c.g, c.b)
	for ; ; size -= 0.5 {
		d.keep(d.pdf.SetFont("serif", "", size))
		w, err := d.pdf.MeasureTextWidth(text)
		d.keep(err)
		if w <= room || size <= 7 || d.err != nil {
			d.pdf.SetXY(x-w/2, y)
			break
		}
	}
	d.keep(d.pdf.Cell(nil, text))
}

func (d *drawing) words(c registry.Certificate, zone *time.Location) {
	e := c.Entry
	title := e.Title.Or()
	d.text("继续教育学时证书", 104, 34, ink)
	d.text("Certificate of Continuing Education Hours", 150, 13, muted)
	d.text(c.Holder, 188, 32, accent)
	d.stroke(line, 0.8)
	d.pdf.Line(centre-150, 234, centre+150, 234)
	earned := e.EarnedAt.In(zone)
	d.text(fmt.Sprintf("于 %s 完成以下课程的学习与考核", earned.Format("2006 年 1 月 2 日")), 246, 14, ink)
	d.text("completed the following course on "+earned.Format("2 January 2006"), 268, 10.5, muted)
	d.text("《"+title.Zh+"》", 298, 23, ink)
	if title.En != title.Zh {
		d.text(title.En, 332, 12.5, muted)
	}
	subject, subjectEn := "专业科目", "professional subject"
	if e.Subject == registry.Public {
		subject, subjectEn = "公需科目", "public subject"
	}
	hours := strings.TrimSuffix(strings.TrimSuffix(e.Hours.String(), "0"), ".0")
	hours = strings.TrimSuffix(hours, ".")
	d.text(fmt.Sprintf("登记 %d 年度%s %s 学时", e.Year, subject, hours), 366, 18, accent)
	d.text(fmt.Sprintf("%s credit hours registered for %d, %s", hours, e.Year, subjectEn), 394, 10.5, muted)
}

func (d *drawing) foot(c registry.Certificate, check string, zone *time.Location) {
	const y = 446.0
	d.textAt(c.Issuer.Zh, 230, y, 15, ink, 300)
	if c.Issuer.En != c.Issuer.Zh {
		d.textAt(c.Issuer.En, 230, y+22, 9.5, muted, 300)
	}
	issued := c.IssuedAt.In(zone)
	d.textAt(issued.Format("2006 年 1 月 2 日"), 230, y+44, 11, ink, 300)
	d.textAt("证书编号 Serial  "+c.Serial, 230, y+64, 10.5, ink, 300)
	d.textAt(fmt.Sprintf("登记簿第 %d 号  Ledger entry %d", c.Entry.Index, c.Entry.Index), 230, y+81, 8.5, muted, 300)
	d.code(check, width-margin-46-92, y-14, 92)
	d.textAt("扫码核验  Scan to check", width-margin-46-46, y+84, 8.5, muted, 150)
}

// code draws a QR code as rectangles: sharp on paper at any size.
func (d *drawing) code(text string, x, y, size float64) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		d.keep(err)
		return
	}
	d.pdf.SetFillColor(ink.r, ink.g, ink.b)
	module := size / float64(code.Size)
	for row := range code.Size {
		for col := 0; col < code.Size; col++ {
			run := col
			for run < code.Size && code.Black(run, row) {
				run++
			}
			if run > col {
				// A hair wider than exact, so that neighbours leave no white line between them.
				d.pdf.RectFromUpperLeftWithStyle(x+float64(col)*module, y+float64(row)*module, float64(run-col)*module+0.05, module+0.05, "F")
				col = run
			}
		}
	}
}
