package pdfpages

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/hourglass-lms/hourglass/internal/media"
)

// TestMain is the program that Count starts, when it is the one that is started.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == Command {
		if err := Run(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	api.DisableConfigDir()
	os.Exit(m.Run())
}

func count(t *testing.T, c Counter, data []byte) (int, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	return c.Count(t.Context(), f)
}

// encrypted is a document that asks for the password user; "" opens for everybody.
func encrypted(t *testing.T, user string) []byte {
	t.Helper()
	var out bytes.Buffer
	conf := model.NewAESConfiguration(user, "owner", 256)
	if err := api.Encrypt(bytes.NewReader(flat(3)), &out, conf); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPagesAreCountedOrTheReasonIsGiven(t *testing.T) {
	t.Parallel()
	whole := flat(7)
	for _, tc := range []struct {
		name  string
		data  []byte
		pages int
		want  *media.Failure
	}{
		{"a document", whole, 7, nil},
		{"one page", flat(1), 1, nil},
		{"as many pages as may be", flat(media.MaxPages), media.MaxPages, nil},
		{"pages below pages", pdf("", tree(3, "3 0 R 4 0 R", "<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [5 0 R 6 0 R] >>", page, page, page)...), 3, nil},
		{"a length that is a lie", pdf("", tree(2_000_000_000, "3 0 R 4 0 R", page, page)...), 2, nil},
		{"a length below nothing", pdf("", tree(-5, "3 0 R", page)...), 1, nil},
		{"a tree that leads back into itself", pdf("", tree(2, "3 0 R 2 0 R 3 0 R", page)...), 1, nil},
		{"for everybody to open, though encrypted", encrypted(t, ""), 3, nil},
		{"with a password", encrypted(t, "geheim"), 0, media.ErrPDFLocked},
		{"no pages", pdf("", tree(0, "")...), 0, media.ErrNoPages},
		{"only pages that are not there", pdf("", tree(2, "8 0 R 9 0 R")...), 0, media.ErrNoPages},
		{"one page more than may be", flat(media.MaxPages + 1), 0, media.ErrTooManyPages},
		{"cut off in the middle", whole[:len(whole)/2], 0, media.ErrPDFDamaged},
		{"cut off before its last line", whole[:len(whole)-30], 0, media.ErrPDFDamaged},
		{"something after its end", append(flat(2), bytes.Repeat([]byte("\n"), 3000)...), 2, nil},
		{"the first bytes alone", []byte("%PDF-1.7\n"), 0, media.ErrPDFDamaged},
		{"nothing", nil, 0, media.ErrPDFDamaged},
		{"the first bytes and noise", append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("page \x00\xff"), 100_000)...), 0, media.ErrPDFDamaged},
		{"no page tree", pdf("", "<< /Type /Catalog >>"), 0, media.ErrPDFDamaged},
		{"a page tree that is a number", pdf("", catalogue, "42"), 0, media.ErrNoPages},
		{"beside them arrays within arrays", pdf("", tree(1, "3 0 R", page, strings.Repeat("[", 200_000))...), 1, nil},
		{"a stream beside them that unpacks to a gigabyte", inflating(1 << 30), 1, nil},
		{"a thousand objects that are one large stream", shared(1000, 20<<20), 0, media.ErrPDFTooComplex},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := count(t, Counter{}, tc.data)
			var failed *media.Failure
			errors.As(err, &failed)
			if got != tc.pages || failed != tc.want || (tc.want == nil && err != nil) {
				t.Errorf("%d pages, %v; want %d, %v", got, err, tc.pages, tc.want)
			}
		})
	}
}

func TestWhatIsNotTheFilesFaultIsNoVerdict(t *testing.T) {
	t.Parallel()
	var failed *media.Failure
	for name, c := range map[string]Counter{
		"a program that is not there":   {Program: "/nowhere/hourglass"},
		"a program that says nothing":   {Program: "/bin/true"},
		"a program that says something": {Program: "/bin/echo"},
	} {
		t.Run(name, func(t *testing.T) {
			if n, err := count(t, c, flat(1)); err == nil || errors.As(err, &failed) {
				t.Errorf("%d, %v", n, err)
			}
		})
	}
	t.Run("a worker that stops", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := (Counter{}).Count(ctx, os.Stdin); !errors.Is(err, context.Canceled) {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestADocumentThatTakesTooLongIsGivenUp(t *testing.T) {
	t.Parallel()
	if n, err := count(t, Counter{Timeout: time.Nanosecond}, flat(1)); !errors.Is(err, media.ErrPDFTooComplex) {
		t.Errorf("%d, %v", n, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range [][]byte{flat(2), pdf("", tree(2, "3 0 R 2 0 R", page)...), pdf("/Encrypt << /V 9 >>", tree(1, "3 0 R", page)...), []byte("%PDF-1.7\n")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		pages, err := read(ctx, bytes.NewReader(data))
		var failed *media.Failure
		if err == nil && (pages < 1 || pages > media.MaxPages) {
			t.Errorf("%d pages", pages)
		}
		if err != nil && !errors.As(err, &failed) && ctx.Err() == nil {
			t.Errorf("not told as a failure: %v", err)
		}
	})
}
