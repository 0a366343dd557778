package redis

import (
	"strings"
	"testing"
)

func TestAddressesAreReadOrRefusedInPlainWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, address, wantErr string
		addrs                  int
		master                 string
		cluster                bool
	}{
		{name: "one server", address: "redis://user:s3cret@host:6379/2", addrs: 1},
		{name: "one server with TLS", address: "rediss://host:6379", addrs: 1},
		{name: "a socket", address: "unix:///run/redis.sock", addrs: 1},
		{name: "Sentinels with a master", address: "redis+sentinel://a:1,b:2,c:3/main/1", addrs: 3, master: "main"},
		{name: "a cluster", address: "redis+cluster://:s3cret@a:1,b:2", addrs: 2, cluster: true},
		{name: "Sentinels without a master are refused", address: "redis+sentinel://a:1,b:2", wantErr: "name of the master"},
		{name: "a database that is no number is refused", address: "redis+sentinel://a:1/m/x", wantErr: "number"},
		{name: "another scheme is refused", address: "http://:s3cret@host", wantErr: "must begin with"},
		{name: "a broken address is refused", address: "redis://:s3cret@host:port:port", wantErr: "not a Redis URL"},
		{name: "a cluster without ports is refused", address: "redis+cluster://a,b:2", wantErr: "host:port"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, err := parse(tc.address)
			if tc.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wantErr) || strings.Contains(err.Error(), "s3cret") {
					t.Fatalf("error %v, want one that says %q and no password", err, tc.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(o.Addrs) != tc.addrs || o.MasterName != tc.master || o.IsClusterMode != tc.cluster {
				t.Errorf("read as %+v", o)
			}
		})
	}
}
