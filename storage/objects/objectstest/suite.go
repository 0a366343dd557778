// Package objectstest is what every driver of objects.Store must hold, and the
// real S3 stores to hold it against.
package objectstest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Suite runs all of it on a store that is empty.
func Suite(t *testing.T, s objects.Store) {
	t.Run("what was put is got, whole and in parts", func(t *testing.T) { testRoundTrip(t, s) })
	t.Run("putting again replaces", func(t *testing.T) { testReplace(t, s) })
	t.Run("a content of another length leaves nothing new", func(t *testing.T) { testLength(t, s) })
	t.Run("a reader sees the old or the new, never a mixture", func(t *testing.T) { testAtomic(t, s) })
	t.Run("what is missing is not found", func(t *testing.T) { testMissing(t, s) })
	t.Run("a key that is not ours is refused", func(t *testing.T) { testKeys(t, s) })
	t.Run("a listing is complete, in order, and only of its prefix", func(t *testing.T) { testList(t, s) })
	t.Run("a reader that fails leaves nothing", func(t *testing.T) { testBrokenReader(t, s) })
	t.Run("an address of its own gives the object to anybody", func(t *testing.T) { testPresign(t, s) })
	t.Run("it answers", func(t *testing.T) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func put(t *testing.T, s objects.Store, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), "text/plain"); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func get(t *testing.T, s objects.Store, key string, off, n int64) string {
	t.Helper()
	r, _, err := s.Get(t.Context(), key, off, n)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return string(data)
}

func testRoundTrip(t *testing.T, s objects.Store) {
	put(t, s, "round/trip.txt", "0123456789")
	for _, tc := range []struct {
		off, n int64
		want   string
	}{{0, -1, "0123456789"}, {3, 4, "3456"}, {8, 100, "89"}, {10, -1, ""}, {99, 5, ""}, {0, 0, ""}} {
		if got := get(t, s, "round/trip.txt", tc.off, tc.n); got != tc.want {
			t.Errorf("from %d for %d: %q, want %q", tc.off, tc.n, got, tc.want)
		}
	}
	info, err := s.Stat(t.Context(), "round/trip.txt")
	if err != nil || info.Size != 10 || info.ContentType != "text/plain" || info.ETag == "" || time.Since(info.ModTime) > time.Hour {
		t.Errorf("stat %+v, %v", info, err)
	}
	for _, part := range []struct{ off, n int64 }{{0, -1}, {2, 3}, {99, 5}, {0, 0}} {
		r, info, err := s.Get(t.Context(), "round/trip.txt", part.off, part.n)
		if err != nil || info.Size != 10 || info.ContentType != "text/plain" || info.Key != "round/trip.txt" || info.ETag == "" {
			t.Errorf("a part of it from %d says %+v, %v", part.off, info, err)
			continue
		}
		_ = r.Close()
	}
	big := bytes.Repeat([]byte("hourglass"), 4<<20) // more than one part of a multipart upload
	if err := s.Put(t.Context(), "round/big.bin", bytes.NewReader(big), int64(len(big)), "application/octet-stream"); err != nil {
		t.Fatal(err)
	}
	if got := get(t, s, "round/big.bin", 0, -1); got != string(big) {
		t.Errorf("a big object came back with %d bytes of %d, or changed", len(got), len(big))
	}
	put(t, s, "round/empty", "")
	if got := get(t, s, "round/empty", 0, -1); got != "" {
		t.Errorf("an empty object came back as %q", got)
	}
}

func testReplace(t *testing.T, s objects.Store) {
	put(t, s, "again", "first")
	before, _ := s.Stat(t.Context(), "again")
	put(t, s, "again", "second one")
	after, _ := s.Stat(t.Context(), "again")
	if get(t, s, "again", 0, -1) != "second one" || before.ETag == after.ETag {
		t.Errorf("not replaced: %+v then %+v", before, after)
	}
}

func testAtomic(t *testing.T, s objects.Store) {
	const size = 1 << 20
	write := func(letter byte) error {
		return s.Put(t.Context(), "atomic", bytes.NewReader(bytes.Repeat([]byte{letter}, size)), size, "text/plain")
	}
	if err := write('a'); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		for i := range 20 {
			err = errors.Join(err, write(byte('a'+i%2)))
		}
		done <- err
	}()
	for {
		got := get(t, s, "atomic", 0, -1)
		if len(got) != size || strings.Count(got, got[:1]) != size {
			t.Fatalf("read %d bytes, %d of them %q", len(got), strings.Count(got, got[:1]), got[:1])
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func testLength(t *testing.T, s objects.Store) {
	for _, said := range []int64{3, 30} {
		err := s.Put(t.Context(), "length", strings.NewReader("0123456789"), said, "text/plain")
		if err == nil {
			t.Errorf("10 bytes said to be %d were taken", said)
		}
		if _, err := s.Stat(t.Context(), "length"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("10 bytes said to be %d left something: %v", said, err)
		}
	}
}

func testMissing(t *testing.T, s objects.Store) {
	_, errStat := s.Stat(t.Context(), "not/there")
	_, _, errGet := s.Get(t.Context(), "not/there", 0, -1)
	if fault.KindOf(errStat) != fault.NotFound || fault.KindOf(errGet) != fault.NotFound {
		t.Errorf("stat %v, get %v", errStat, errGet)
	}
	put(t, s, "gone/soon", "x")
	for range 2 {
		if err := s.Delete(t.Context(), "gone/soon"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := s.Stat(t.Context(), "gone/soon"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("deleted and still there: %v", err)
	}
}

func testKeys(t *testing.T, s objects.Store) {
	for _, key := range []string{"", "/abs", "a//b", "../up", "a/../b", "a/.hidden", "tail/", "spa ce", "emoji-⌛", "nul\x00", strings.Repeat("k", 600), `back\slash`} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
			t.Errorf("key %q was taken", key)
		}
		if _, _, err := s.Get(t.Context(), key, 0, -1); fault.KindOf(err) != fault.NotFound {
			t.Errorf("get of key %q: %v", key, err)
		}
	}
}

func testList(t *testing.T, s objects.Store) {
	for _, key := range []string{"list/b/2", "list/a/1", "list/ab", "list/b/10", "lisp"} {
		put(t, s, key, "x")
	}
	for prefix, want := range map[string][]string{
		"list/":      {"list/a/1", "list/ab", "list/b/10", "list/b/2"},
		"list/a":     {"list/a/1", "list/ab"},
		"list/b/":    {"list/b/10", "list/b/2"},
		"list/none/": nil,
	} {
		var got []string
		for info, err := range s.List(t.Context(), prefix) {
			if err != nil {
				t.Fatalf("list %s: %v", prefix, err)
			}
			got = append(got, info.Key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("list %s: %v, want %v", prefix, got, want)
		}
	}
	for range s.List(t.Context(), "list/") {
		break // a listing that is left early must not hang or leak
	}
}

func testBrokenReader(t *testing.T, s objects.Store) {
	broken := io.MultiReader(strings.NewReader("half"), failing{})
	if err := s.Put(t.Context(), "broken", broken, 8, "text/plain"); err == nil {
		t.Error("a put whose reader failed succeeded")
	}
	if _, err := s.Stat(t.Context(), "broken"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("it left something: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the reader failed") }

func testPresign(t *testing.T, s objects.Store) {
	put(t, s, "signed.txt", "for you")
	address, ok, err := s.Presign(t.Context(), "signed.txt", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return // a disk: the product serves the file itself
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	req.Header.Set("Range", "bytes=4-")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if data, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusPartialContent || string(data) != "you" {
		t.Errorf("answered %d %q", res.StatusCode, data)
	}
}
