package attacks_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// behindNginx is delivery attacked where nginx sends the files: the server only
// says which one, and what nginx makes of ranges and conditions must not
// weaken the rule.
var behindNginx = []attack{
	{"nginx is asked for a segment, and sends it", func(s *scene) {
		x := s.seat()
		want := s.viaNginx(x, 0)
		if want.status != 200 || want.length == 0 {
			s.Fatalf("answered %d, %d bytes", want.status, want.length)
		}
		if direct := x.l.send(s.T, "GET", x.list.Segments[0].URL, ""); int64(len(direct.body)) != want.length {
			s.Fatalf("nginx sent %d bytes, the server %d", want.length, len(direct.body))
		}
		if part := s.viaNginx(x, 0, "Range", "bytes=0-9"); part.status != 206 || part.length != 10 {
			s.Fatalf("a range of what was sent: %d, %d bytes", part.status, part.length)
		}
		x.study(200)
	}},
	wholeViaNginx("one byte of a segment is asked of nginx", "Range", "bytes=0-0"),
	wholeViaNginx("the last byte of a segment is asked of nginx", "Range", "bytes=-1"),
	wholeViaNginx("nginx is asked whether a segment changed", "If-None-Match", "*"),
	wholeViaNginx("nginx is asked whether a segment was modified after 2038", "If-Modified-Since", "Fri, 31 Dec 2038 23:59:59 GMT"),
	wholeViaNginx("nginx is to send a segment only if it is another one", "If-Match", `"another"`),
	{"files are asked of nginx by the name the server gives them", func(s *scene) {
		x := s.seat()
		asset := s.st.text(s.T, `SELECT asset_id::text FROM lessons WHERE id = $1`, s.st.course.video)
		rendition := path.Base(path.Dir(x.list.Renditions[0]))
		for _, at := range []string{"/stored-files/", "/stored-files/../stored-files/", "//stored-files/", "/%73tored-files/"} {
			res, err := s.st.http.Get(s.st.nginx + at + "media/" + asset + "/" + rendition + "/0.m4s")
			if err != nil {
				s.Fatal(err)
			}
			_ = res.Body.Close()
			if kind := res.Header.Get("Content-Type"); res.StatusCode == 200 && !strings.HasPrefix(kind, "text/html") {
				s.Fatalf("%s gave a file of type %s", at, kind)
			}
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"a client names the file for nginx itself", func(s *scene) {
		x := s.seat()
		if a := s.viaNginx(x, 0, "X-Accel-Redirect", "/stored-files/media"); a.status != 200 {
			s.Fatalf("answered %d", a.status)
		}
		x.study(200)
	}},
}

// wholeViaNginx: what is sent for the first time is sent whole.
func wholeViaNginx(name, header, value string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		got := s.viaNginx(x, 0, header, value)
		again := x.l.send(s.T, "GET", x.list.Segments[0].URL, "")
		if got.status != 200 || got.length != int64(len(again.body)) {
			s.Fatalf("%s: %s was answered %d with %d bytes of %d", header, value, got.status, got.length, len(again.body))
		}
		x.study(200)
	}}
}

type sent struct {
	status int
	length int64
}

// viaNginx fetches segment n of a seat through nginx.
func (s *scene) viaNginx(x *seat, n int, headers ...string) sent {
	s.Helper()
	_, rest, _ := strings.Cut(strings.TrimPrefix(x.list.Segments[n].URL, "http://"), "/")
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.st.nginx+"/"+rest, nil)
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.st.http.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	length, err := io.Copy(io.Discard, res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return sent{res.StatusCode, length}
}

const nginxConfig = `daemon off; master_process off; error_log stderr error; pid %[1]s/pid;
%[5]s
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	server {
		listen %[2]s;
		%[4]s
		location / { proxy_pass http://%[3]s; proxy_set_header Host $http_host; }
	}
}`

// startBehindNginx starts a second server and an nginx before it, with the
// locations that deploy/ gives to operators.
func (st *stage) startBehindNginx(t *testing.T) {
	t.Helper()
	server, front := freePort(t), freePort(t)
	st.startWith(t, append(append([]string{}, st.env...), "HOURGLASS_LISTEN="+server, "HOURGLASS_NGINX_FILES=/stored-files/"), "serve")
	locations, err := os.ReadFile("../../../deploy/nginx-files.conf")
	if err != nil {
		t.Fatal(err)
	}
	files := strings.ReplaceAll(string(locations), "/var/lib/hourglass/files/", st.files+"/")
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // else the folder of a test is closed to it
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, dir, front, server, files, user), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx"
	}
	cmd := exec.Command(program, "-p", dir, "-c", config)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("nginx, which make setup-test installs: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	st.nginx = "http://" + front
}
