package faults

import (
	"net/http"
	"sync/atomic"
	"time"
)

// publicURL is where people reach the servers, whichever of them answers.
const publicURL = "http://hourglass.example"

// road leads each request to one of the servers in turn, like a proxy that
// does not notice when one is gone.
type road struct {
	addresses []string
	next      atomic.Uint64
	transport *http.Transport
}

func newRoad(addresses []string) *road {
	return &road{addresses: addresses, transport: &http.Transport{MaxIdleConnsPerHost: 256}}
}

// client gives up on an answer after a while, as browsers and proxies do.
func (r *road) client() *http.Client { return &http.Client{Transport: r, Timeout: 5 * time.Second} }

// RoundTrip sends the request to the next server. People here do not wait as
// long as they are asked to, or every fault would last for that long.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.Host = r.addresses[r.next.Add(1)%uint64(len(r.addresses))]
	res, err := r.transport.RoundTrip(out)
	if err == nil {
		res.Header.Del("Retry-After")
	}
	return res, err
}
