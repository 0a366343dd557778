package registrydb_test

import (
	"context"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// told keeps what people were told, and refuses what could not be told.
type told struct{ notices []notify.Notice }

func (p *told) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	for _, one := range n {
		if err := one.Check(); err != nil {
			return err
		}
	}
	p.notices = append(p.notices, n...)
	return nil
}

func TestACertificateIsToldOnce(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), &told{}
	w.store = w.store.Telling(p)
	e := w.registered(t, "professional", 6)
	if err := w.store.RegisterEnrolment(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if len(p.notices) != 1 {
		t.Fatalf("told %+v", p.notices)
	}
	if n := p.notices[0]; n.Kind != notify.CertificateIssued || n.Person != w.person || n.Facts["serial"] == "" || n.Facts["serial"] != n.Once || n.Facts["hours"] != "6" {
		t.Errorf("told %+v", n)
	}
}
