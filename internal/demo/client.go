// Package demo fills a fresh product with its demonstration content, the way
// people would: organisations and accounts through their services, courses,
// uploads, submissions and approvals over HTTP, signed in as who does it.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"time"
)

// client speaks to the product as one signed-in person.
type client struct {
	base string
	http *http.Client
}

// signIn makes a client of a person.
func signIn(ctx context.Context, base, email, password string) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &client{base: base + "/api/v1", http: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
	err = c.call(ctx, http.MethodPost, "/auth/sign-in", map[string]string{"email": email, "password": password}, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("sign in as %s: %w", email, err)
	}
	return c, nil
}

// call sends JSON and reads JSON; into and etag may be nil. An etag that holds
// something is sent as If-Match, and is set to the answer's.
func (c *client) call(ctx context.Context, method, path string, body, into any, etag *string) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	return c.send(ctx, method, path, "application/json", data, into, etag)
}

func (c *client) send(ctx context.Context, method, path, contentType string, data []byte, into any, etag *string) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	if data != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if etag != nil && *etag != "" {
		req.Header.Set("If-Match", *etag)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answered %d: %s", method, path, res.StatusCode, answer)
	}
	if etag != nil {
		*etag = res.Header.Get("ETag")
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, into)
}
