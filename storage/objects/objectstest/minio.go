package objectstest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/hourglass-lms/hourglass/storage/objects/s3"
)

const (
	accessKey = "hourglass-test"
	secretKey = "hourglass-test-secret"
)

// Server is a real S3 store of one test.
type Server struct {
	Endpoint *url.URL
	cmd      *exec.Cmd
	start    func() *exec.Cmd
	health   string
}

// MinIO starts a MinIO server for this test alone, on a free port.
func MinIO(t testing.TB) *Server {
	t.Helper()
	bin := program(t, "minio", "HOURGLASS_TEST_MINIO", "make setup-test")
	dir := t.TempDir()
	return serve(t, func(address string) *exec.Cmd {
		cmd := exec.Command(bin, "server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", dir)
		cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+accessKey, "MINIO_ROOT_PASSWORD="+secretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "CI=true")
		return cmd
	}, "/minio/health/cluster")
}

// Versity starts a versitygw server for this test alone.
func Versity(t testing.TB) *Server {
	t.Helper()
	bin := program(t, "versitygw", "HOURGLASS_TEST_VERSITYGW", "make conformance")
	dir := t.TempDir()
	return serve(t, func(address string) *exec.Cmd {
		return exec.Command(bin, "--port", address, "--access", accessKey, "--secret", secretKey, "--health", "/health", "posix", dir)
	}, "/health")
}

// program finds a server that the set-up step built, or that the variable
// names; its absence is a failure, never a reason to skip.
func program(t testing.TB, name, variable, how string) string {
	t.Helper()
	if bin := os.Getenv(variable); bin != "" {
		return bin
	}
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		bin := filepath.Join(dir, ".cache", "bin", name)
		if _, err := os.Stat(bin); err == nil {
			return bin
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	t.Fatalf("the test needs %s; `%s` builds it", name, how)
	return ""
}

func serve(t testing.TB, command func(address string) *exec.Cmd, health string) *Server {
	t.Helper()
	address := freeAddress(t)
	s := &Server{Endpoint: &url.URL{Scheme: "http", Host: address}, health: health, start: func() *exec.Cmd { return command(address) }}
	s.Start(t)
	t.Cleanup(s.Kill)
	return s
}

// Start starts the server (again) and waits until it answers.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	s.cmd = s.start()
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start the S3 store: %v", err)
	}
	deadline := time.Now().Add(60 * time.Second)
	for {
		if s.answers() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the S3 store does not answer")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *Server) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint.String()+s.health, nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Kill is kill -9 and waits for the end; killing again does nothing.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Env is how a program under test is told of the store.
func (s *Server) Env() []string {
	return []string{
		fmt.Sprintf("HOURGLASS_OBJECTS=s3://hourglass?endpoint=%s&region=us-east-1", s.Endpoint),
		"HOURGLASS_S3_ACCESS_KEY=" + accessKey, "HOURGLASS_S3_SECRET_KEY=" + secretKey,
	}
}

// Open is the driver on a bucket of this server.
func (s *Server) Open(t testing.TB) *s3.Store {
	t.Helper()
	store, err := s3.Open(t.Context(), s3.Options{Endpoint: s.Endpoint, Bucket: "hourglass", AccessKey: accessKey, SecretKey: secretKey})
	if err != nil {
		t.Fatalf("open the bucket: %v", err)
	}
	return store
}

// RemoveBucket takes away what Open made, which must be empty.
func (s *Server) RemoveBucket(ctx context.Context) error {
	c, err := minio.New(s.Endpoint.Host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		return err
	}
	return c.RemoveBucket(ctx, "hourglass")
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
