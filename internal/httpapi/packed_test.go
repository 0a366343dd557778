package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
)

// A few kilobytes may unpack to more than the memory holds, so nothing is
// unpacked, whoever asks and whatever for.
func TestPackedBodiesAreRefusedBeforeTheyAreUnpacked(t *testing.T) {
	t.Parallel()
	app := httpapi.NewRouter(httpapi.Options{})
	for _, tc := range []struct {
		encoding string
		status   int
	}{
		{"gzip", 415}, {"GZIP", 415}, {"br", 415}, {"deflate", 415}, {"identity, gzip", 415}, {"zstd", 415}, {"identity", 404}, {"", 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "/api/v1/no-such-thing", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if tc.encoding != "" {
			req.Header.Set("Content-Encoding", tc.encoding)
		}
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != tc.status {
			t.Errorf("%q was answered %d, want %d", tc.encoding, res.StatusCode, tc.status)
		}
	}
}
