package httpapi_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/privacy"
)

// wishes is one person's export, which can be fetched once.
type wishes struct {
	owner, export uuid.UUID
	fetched       bool
	due           *privacy.Deletion
}

func (w *wishes) Terms() privacy.Terms { return privacy.Terms{DeletionDays: 14, ExportDays: 7} }
func (w *wishes) Consents(context.Context, uuid.UUID) ([]privacy.Consent, error) {
	return []privacy.Consent{{Purpose: privacy.IdentityNumber, Version: 1}}, nil
}
func (w *wishes) Withdraw(_ context.Context, _ uuid.UUID, purpose string) error {
	if purpose != privacy.IdentityNumber {
		return fault.New(fault.NotFound, "none")
	}
	return nil
}
func (w *wishes) Exports(_ context.Context, person uuid.UUID) ([]privacy.Export, error) {
	if person != w.owner {
		return nil, nil
	}
	return []privacy.Export{{ID: w.export, State: privacy.Ready}}, nil
}
func (w *wishes) RequestExport(context.Context, uuid.UUID) (privacy.Export, error) {
	return privacy.Export{ID: w.export, State: privacy.Building}, nil
}
func (w *wishes) Fetch(_ context.Context, person, id uuid.UUID) (io.ReadCloser, int64, error) {
	if person != w.owner || id != w.export {
		return nil, 0, fault.New(fault.NotFound, "none")
	}
	if w.fetched {
		return nil, 0, fault.Coded(fault.Gone, "export-gone", "gone")
	}
	w.fetched = true
	return io.NopCloser(strings.NewReader("PK zip")), 6, nil
}
func (w *wishes) Deletion(context.Context, uuid.UUID) (*privacy.Deletion, error) { return w.due, nil }
func (w *wishes) RequestDeletion(context.Context, uuid.UUID) (privacy.Deletion, error) {
	w.due = &privacy.Deletion{DueAt: time.Now()}
	return *w.due, nil
}
func (w *wishes) CancelDeletion(context.Context, uuid.UUID) error {
	w.due = nil
	return nil
}

func TestAnExportIsFetchedOnceByItsOwner(t *testing.T) {
	t.Parallel()
	w := &wishes{owner: uuid.New(), export: uuid.New()}
	kit := httptestkit.New(t, httpapi.Services{Privacy: w})
	me, other := kit.As(&identity.Actor{PersonID: w.owner}), kit.As(&identity.Actor{PersonID: uuid.New()})
	var e httpapi.DataExport
	me.Post("/me/data-exports", nil).OK(http.StatusAccepted).Into(&e)
	kit.Anonymous().Get(e.URL).Problem(http.StatusUnauthorized, "unauthenticated")
	other.Get(e.URL).Problem(http.StatusNotFound, "not-found")
	me.Get("/me/data-exports/x/file").Problem(http.StatusNotFound, "not-found")
	if a := me.Do(http.MethodHead, e.URL, nil); a.Status != http.StatusMethodNotAllowed || w.fetched {
		t.Errorf("a HEAD answered %d and used it up: %v", a.Status, w.fetched)
	}
	a := me.Get(e.URL).OK(http.StatusOK)
	if string(a.Body) != "PK zip" || a.Header.Get("Content-Type") != "application/zip" || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("%q, %v", a.Body, a.Header)
	}
	me.Get(e.URL).Problem(http.StatusGone, "export-gone")
}

func TestADeletionIsMeantAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := &wishes{owner: uuid.New()}
	kit := httptestkit.New(t, httpapi.Services{Privacy: w})
	me := kit.As(&identity.Actor{PersonID: w.owner})
	for _, body := range []any{map[string]string{}, map[string]string{"confirm": "yes"}} {
		me.Put("/me/deletion", body).Problem(http.StatusUnprocessableEntity, "invalid")
	}
	me.Put("/me/deletion", map[string]string{"confirm": "delete"}).OK(http.StatusOK)
	var mine httpapi.MyPrivacy
	me.Get("/me/privacy").OK(http.StatusOK).Into(&mine)
	if mine.Deletion == nil || len(mine.Exports) != 1 || len(mine.Consents) != 1 {
		t.Errorf("%+v", mine)
	}
	me.Delete("/me/deletion").OK(http.StatusNoContent)
	me.Delete("/me/consents/identity-number").OK(http.StatusNoContent)
	me.Delete("/me/consents/everything").Problem(http.StatusNotFound, "not-found")
	var notice httpapi.PrivacyNotice
	kit.Anonymous().Get("/privacy").OK(http.StatusOK).Into(&notice)
	if len(notice.Holdings) != len(privacy.Holdings) || len(notice.Consents) != 1 || notice.DeletionDays != 14 {
		t.Errorf("%+v", notice)
	}
}
