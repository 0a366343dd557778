package certpdf_test

import (
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/registry/certpdf"
)

var shanghai = time.FixedZone("CST", 8*3600)

func sample(holder string) registry.Certificate {
	at := time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC) // already the 24th in Shanghai
	return registry.Certificate{
		Serial: "HG-2026-7K3M-Q9ZD-4", Holder: holder, Issuer: registry.Text{Zh: "岚江农业大学", En: "Lanjiang Agricultural University"}, IssuedAt: at,
		Entry: registry.Entry{Index: 41, Year: 2026, Subject: registry.Professional, Hours: 250, EarnedAt: at,
			Title: registry.Text{Zh: "滴灌系统的灌溉制度设计", En: "Irrigation Scheduling for Drip Systems"}},
	}
}

func TestTheCertificateSaysEverythingAndItsCodeOpensTheCheckPage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, holder string }{
		{"a Chinese name", "欧阳静怡"},
		{"a name with a rare character", "王喆龘"},
		{"a long foreign name", "Maximiliane Wilhelmina von Hohenberg-Nordhausen zu Altenstein und Neuenburg am Rhein"},
		{"a name with a middle dot", "阿依古丽·买买提"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const check = "https://learn.example.cn/verify/HG-2026-7K3M-Q9ZD-4"
			data, err := certpdf.Draw(sample(tc.holder), check, shanghai)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			file := filepath.Join(dir, "certificate.pdf")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			text := output(t, "pdftotext", "-layout", file, "-")
			for _, want := range []string{tc.holder, "滴灌系统的灌溉制度设计", "Irrigation Scheduling", "2.5 学时", "专业科目", "岚江农业大学", "HG-2026-7K3M-Q9ZD-4", "2026 年 11 月 24 日"} {
				if !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(want, " ", "")) {
					t.Errorf("the text lacks %q:\n%s", want, text)
				}
			}
			output(t, "pdftoppm", "-png", "-r", "150", file, filepath.Join(dir, "page"))
			if got := scan(t, dir); got != check {
				t.Errorf("the code opens %q", got)
			}
			if len(data) > 200<<10 {
				t.Errorf("the file has %d kB: the font was not cut down to what is used", len(data)>>10)
			}
		})
	}
}

func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

func scan(t *testing.T, dir string) string {
	t.Helper()
	pages, _ := filepath.Glob(filepath.Join(dir, "page*.png"))
	if len(pages) != 1 {
		t.Fatalf("the certificate has %d pages", len(pages))
	}
	f, err := os.Open(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	r, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("the code cannot be read: %v", err)
	}
	return r.GetText()
}
