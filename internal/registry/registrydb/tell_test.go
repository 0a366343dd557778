package registrydb_test

import (
	"testing"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/notifytest"
)

func TestACertificateIsToldOnce(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), &notifytest.Told{}
	w.store = w.store.Telling(p)
	e := w.registered(t, "professional", 6)
	if err := w.store.RegisterEnrolment(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if len(p.Notices) != 1 {
		t.Fatalf("told %+v", p.Notices)
	}
	if n := p.Notices[0]; n.Kind != notify.CertificateIssued || n.Person != w.person || n.Facts["serial"] == "" || n.Facts["serial"] != n.Once || n.Facts["hours"] != "6" {
		t.Errorf("told %+v", n)
	}
}
