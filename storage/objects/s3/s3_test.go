package s3_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/objects/objectstest"
	"github.com/hourglass-lms/hourglass/storage/objects/s3"
)

func TestMinIOHoldsTheSuite(t *testing.T) {
	t.Parallel()
	objectstest.Suite(t, objectstest.MinIO(t).Open(t))
}

func TestAStoreThatIsAwayIsUnavailableAndComesBack(t *testing.T) {
	t.Parallel()
	server := objectstest.MinIO(t)
	s := server.Open(t)
	if err := s.Put(t.Context(), "kept", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	if _, err := s.Stat(t.Context(), "kept"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("stat on a dead store: %v", err)
	}
	if err := s.Put(t.Context(), "new", strings.NewReader("x"), 1, "text/plain"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("put on a dead store: %v", err)
	}
	if err := s.Ping(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("ping of a dead store: %v", err)
	}
	server.Start(t)
	if _, err := s.Stat(t.Context(), "kept"); err != nil {
		t.Errorf("stat after it came back: %v", err)
	}
}

func TestABucketThatIsGoneIsMadeAgain(t *testing.T) {
	t.Parallel()
	server := objectstest.MinIO(t)
	s := server.Open(t)
	if err := server.RemoveBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "key", strings.NewReader("x"), 1, "text/plain"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("put without a bucket: %v", err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := s.Put(t.Context(), "key", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Errorf("put after a ping: %v", err)
	}
}

// TestAStoreThatStopsInTheMiddleIsUnavailable stands for a store whose machine
// dies while a segment is read.
func TestAStoreThatStopsInTheMiddleIsUnavailable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte("half"))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	endpoint, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s, err := s3.Open(t.Context(), s3.Options{Endpoint: endpoint, Bucket: "bucket", AccessKey: "a", SecretKey: "secretsecret"})
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := s.Get(t.Context(), "key", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if data, err := io.ReadAll(r); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("read %q, %v", data, err)
	}
}

func TestOpeningDoesNotNeedTheStore(t *testing.T) {
	t.Parallel()
	s, err := s3.Open(t.Context(), s3.Options{Endpoint: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, Bucket: "bucket", AccessKey: "a", SecretKey: "secretsecret"})
	if err != nil {
		t.Fatalf("open without a store: %v", err)
	}
	if address, ok, err := s.Presign(t.Context(), "a/b.m4s", time.Minute); err != nil || !ok || !strings.Contains(address, "X-Amz-Signature") {
		t.Errorf("presign without a store: %q %v", address, err)
	}
}
