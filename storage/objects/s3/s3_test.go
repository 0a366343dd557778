package s3_test

import (
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
	server.Start(t, "/minio/health/live")
	if _, err := s.Stat(t.Context(), "kept"); err != nil {
		t.Errorf("stat after it came back: %v", err)
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
