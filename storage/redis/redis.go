// Package redis opens the client for a Redis or Valkey server: one alone, one
// watched by Sentinels, or a Cluster. It knows no domain.
package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Options say which server.
//
//	redis://[user:password@]host:port[/db]      rediss:// with TLS
//	unix:///path/to/socket[?db=n]
//	redis+sentinel://[user:password@]host:port,host:port/master[/db]
//	redis+cluster://[user:password@]host:port,host:port
type Options struct {
	URL      string
	PoolSize int // 0: the library's own, ten a processor
}

const (
	dialTimeout = 2 * time.Second
	// opTimeout bounds one command, so that a server that hangs is noticed within a request.
	opTimeout = 2 * time.Second
)

// Open makes a client. It does not wait for the server: whoever uses it gets
// Unavailable until it answers.
func Open(o Options) (redis.UniversalClient, error) {
	u, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	u.DialTimeout, u.ReadTimeout, u.WriteTimeout = dialTimeout, opTimeout, opTimeout
	u.PoolSize = o.PoolSize
	u.ContextTimeoutEnabled = true
	u.ClientName = "hourglass"
	// The server's handshake for maintenance notices is a vendor's extension that plain Redis logs as an error.
	u.DisableIdentity = true
	return redis.NewUniversalClient(u), nil
}

func parse(address string) (*redis.UniversalOptions, error) {
	scheme, _, _ := strings.Cut(address, "://")
	switch scheme {
	case "redis", "rediss", "unix":
		return parseSingle(address)
	case "redis+sentinel", "redis+cluster":
		return parseMany(scheme, address)
	}
	return nil, errors.New("the address must begin with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://")
}

func parseSingle(address string) (*redis.UniversalOptions, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("it is not a Redis URL") // the library's text may repeat the password
	}
	u := &redis.UniversalOptions{Addrs: []string{o.Addr}, DB: o.DB, Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig}
	if o.Network == "unix" {
		path := o.Addr
		u.Dialer = func(ctx context.Context, _, _ string) (net.Conn, error) {
			d := net.Dialer{Timeout: dialTimeout}
			return d.DialContext(ctx, "unix", path)
		}
	}
	return u, nil
}

func parseMany(scheme, address string) (*redis.UniversalOptions, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("it is not a list of Redis addresses")
	}
	o := &redis.UniversalOptions{Addrs: strings.Split(u.Host, ","), Username: u.User.Username()}
	o.Password, _ = u.User.Password()
	for _, a := range o.Addrs {
		if _, _, err := net.SplitHostPort(a); err != nil {
			return nil, fmt.Errorf("%q is not host:port", a)
		}
	}
	if u.Query().Get("tls") == "true" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if scheme == "redis+cluster" {
		o.IsClusterMode = true
		return o, nil
	}
	if o.MasterName = path[0]; o.MasterName == "" {
		return nil, errors.New("a Sentinel address ends with the name of the master")
	}
	if len(path) > 1 {
		if o.DB, err = strconv.Atoi(path[1]); err != nil {
			return nil, errors.New("the database after the master's name is a number")
		}
	}
	return o, nil
}

// Translate gives an error on the way to Redis its kind; a missing key
// (redis.Nil) and answers of the server pass unchanged.
func Translate(err error) error {
	if err == nil || errors.Is(err, redis.Nil) {
		return err
	}
	if _, known := fault.Of(err); known {
		return err
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, redis.ErrClosed) || errors.Is(err, redis.ErrPoolTimeout) || isStarting(err) {
		return fault.Away(err, 2*time.Second, "A part of the service does not answer at the moment. Nothing is lost; please try again.")
	}
	return err
}

// isStarting: the server answers, but not with data.
func isStarting(err error) bool {
	text := err.Error()
	for _, prefix := range []string{"LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "EOF"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
