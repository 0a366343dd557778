package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// stallWithin bounds the wait for the next bytes of a body. The whole may take
// as long as its reader does: a learner on a slow line reads slowly.
const stallWithin = 15 * time.Second

var errStalled = errors.New("the store stopped in the middle of an object")

// patient is a body that ends with Unavailable when its store falls silent.
type patient struct {
	body   io.ReadCloser
	cause  func() error // why the request was ended, if it was
	cancel context.CancelCauseFunc
	stall  *time.Timer // runs only while a read waits
}

func newPatient(ctx context.Context, body io.ReadCloser, cancel context.CancelCauseFunc) *patient {
	p := &patient{body: body, cause: func() error { return context.Cause(ctx) }, cancel: cancel}
	p.stall = time.AfterFunc(stallWithin, func() { cancel(errStalled) })
	p.stall.Stop()
	return p
}

func (p *patient) Read(b []byte) (int, error) {
	p.stall.Reset(stallWithin)
	n, err := p.body.Read(b)
	p.stall.Stop()
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	if cause := p.cause(); cause != nil && !errors.Is(cause, errStalled) {
		return n, cause
	}
	return n, fault.Away(fmt.Errorf("read the body: %w", err), 5*time.Second, "The store of files does not answer at the moment. Please try again.")
}

func (p *patient) Close() error {
	p.stall.Stop()
	err := p.body.Close()
	p.cancel(nil)
	return err
}
