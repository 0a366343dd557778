package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// plainNginx serves a folder as nginx serves files best: sendfile, one worker
// a processor, no log.
const plainNginx = `daemon off;
worker_processes auto;
pid %[1]s/nginx.pid;
error_log stderr error;
user %[4]s;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    client_body_temp_path %[1]s/body;
    proxy_temp_path %[1]s/proxy;
    fastcgi_temp_path %[1]s/fastcgi;
    uwsgi_temp_path %[1]s/uwsgi;
    scgi_temp_path %[1]s/scgi;
    server {
        listen %[2]s;
        root %[3]s;
        location = /healthz { return 200; }
    }
}
`

// startNginx starts the machine's own nginx over a folder.
func (p *role) startNginx(ctx context.Context, dir, root string) error {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program = "/usr/sbin/nginx"; !isFile(program) {
			return fmt.Errorf("nginx, which segments are compared with, is not on this machine: %w", err)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if p.address, err = freeAddress(); err != nil {
		return err
	}
	// Its workers would else be somebody who may not read the files.
	owner := "root"
	if os.Geteuid() != 0 {
		owner = "nobody" // said for form: only root's nginx changes its user
	}
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, plainNginx, dir, p.address, root, owner), 0o644); err != nil {
		return err
	}
	return p.run(ctx, exec.Command(program, "-p", dir, "-c", config), "nginx")
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
