package pdfpages

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// pdf writes a document of the objects given, numbered from 1, of which the
// first is the catalogue. Trailing entries of the trailer may be added.
func pdf(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return b.Bytes()
}

const (
	catalogue = "<< /Type /Catalog /Pages 2 0 R >>"
	page      = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
)

// tree is the objects of a document whose root says it has count pages and has kids.
func tree(count int, kids string, more ...string) []string {
	return append([]string{catalogue, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", count, kids)}, more...)
}

// flat is a document of n pages below one root.
func flat(n int) []byte {
	refs := make([]string, n)
	pages := make([]string, n)
	for i := range n {
		refs[i], pages[i] = fmt.Sprintf("%d 0 R", i+3), page
	}
	return pdf("", tree(n, strings.Join(refs, " "), pages...)...)
}

// inflating is an object stream whose content is a small file's worth of zeros
// packed a thousand times.
func inflating(size int) []byte {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for range size >> 20 {
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	stream := fmt.Sprintf("<< /Type /ObjStm /N 1000 /First 5000 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", packed.Len(), packed.String())
	return pdf("", tree(1, "3 0 R", page, stream)...)
}

// shared is a document of many objects that are all the same large stream.
func shared(objects, size int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := []int{}
	for i, o := range []string{catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	body := b.Len()
	fmt.Fprintf(&b, "4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", size, strings.Repeat("x", size))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", objects+4)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	for range objects {
		fmt.Fprintf(&b, "%010d 00000 n \n", body)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", objects+4, start)
	return b.Bytes()
}
