package httpapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// letterbox is one person's notices.
type letterbox struct {
	person uuid.UUID
	items  []notify.Told
	chosen []notify.Choice
	ended  []notify.Kind
}

func (b *letterbox) Inbox(_ context.Context, person uuid.UUID, _ bool, limit int, before uuid.UUID) ([]notify.Told, bool, *time.Location, error) {
	if person != b.person || before != uuid.Max {
		return nil, false, time.UTC, nil
	}
	return b.items[:min(limit, len(b.items))], limit < len(b.items), time.UTC, nil
}

func (b *letterbox) Unread(_ context.Context, person uuid.UUID) (n int, _ error) {
	for _, i := range b.items {
		if !i.Read && person == b.person {
			n++
		}
	}
	return n, nil
}

func (b *letterbox) Read(_ context.Context, _ uuid.UUID, ids []uuid.UUID, last uuid.UUID) error {
	for i := range b.items {
		b.items[i].Read = b.items[i].Read || slices.Contains(ids, b.items[i].ID) || last == b.items[0].ID
	}
	return nil
}

func (b *letterbox) Preferences(context.Context, uuid.UUID) (notify.Preferences, error) {
	return notify.Preferences{Zone: "Asia/Shanghai", Choices: notify.Choices(b.chosen)}, nil
}

func (b *letterbox) Prefer(_ context.Context, _ uuid.UUID, p notify.Preferences) error {
	b.chosen = p.Choices
	return p.Check()
}

func (b *letterbox) Unsubscribed(_ context.Context, kind notify.Kind, proof string) error {
	if proof != "good" {
		return fault.New(fault.NotFound, "none")
	}
	b.ended = append(b.ended, kind)
	return nil
}

func newLetterbox(t *testing.T) (*letterbox, *httptestkit.Kit, *httptestkit.Client) {
	t.Helper()
	b := &letterbox{person: uuid.New()}
	for range 3 {
		b.items = append(b.items, notify.Told{ID: uuid.New(), At: time.Now(), Notice: notify.Notice{Kind: notify.CoursePublished, Path: "/courses/1", Facts: map[string]string{"course": "数据安全", "course_en": "Data security", "hours": "6"}}})
	}
	kit := httptestkit.New(t, httpapi.Services{Notices: b})
	return b, kit, kit.As(&identity.Actor{PersonID: b.person})
}

func TestNoticesAreToldInBothLanguagesAndRead(t *testing.T) {
	t.Parallel()
	b, kit, me := newLetterbox(t)
	var page httpapi.NoticePage
	me.Get("/me/notices?limit=2").OK(200).Into(&page)
	if len(page.Items) != 2 || page.NextCursor == nil || page.Unread != 3 || page.Items[0].Title.Zh != "《数据安全》已发布" || page.Items[0].Title.En != "“Data security” is published" || page.Items[0].Path != "/courses/1" {
		t.Errorf("page %+v", page)
	}
	var left httpapi.UnreadNotices
	me.Do(http.MethodPut, "/me/notices/read", map[string]any{"ids": []uuid.UUID{b.items[1].ID}}).OK(200).Into(&left)
	if left.Unread != 2 {
		t.Errorf("%d are left", left.Unread)
	}
	me.Do(http.MethodPut, "/me/notices/read", map[string]any{"last": b.items[0].ID}).OK(200).Into(&left)
	if left.Unread != 0 {
		t.Errorf("%d are left", left.Unread)
	}
	me.Do(http.MethodPut, "/me/notices/read", map[string]any{}).Problem(http.StatusUnprocessableEntity, "invalid")
	me.Get("/me/notices?cursor=x").Problem(http.StatusUnprocessableEntity, "invalid")
	other := kit.As(&identity.Actor{PersonID: uuid.New()})
	if other.Get("/me/notices").OK(200).Into(&page); len(page.Items) != 0 || page.Unread != 0 {
		t.Errorf("another person sees %+v", page)
	}
}

func TestWhatBindsCannotBeTurnedOff(t *testing.T) {
	t.Parallel()
	_, _, me := newLetterbox(t)
	choice := func(kind, mail string) map[string]any {
		return map[string]any{"choices": []map[string]any{{"kind": kind, "in_product": true, "mail": mail}}}
	}
	var p httpapi.NoticePreferences
	me.Do(http.MethodPut, "/me/notice-preferences", choice("course-published", "digest")).OK(200).Into(&p)
	at := slices.IndexFunc(p.Choices, func(c httpapi.NoticeKind) bool { return c.Kind == "course-published" })
	if p.Zone != "Asia/Shanghai" || p.Choices[at].Mail != "digest" || p.Choices[at].Binding || p.Choices[at].Group != "teaching" {
		t.Errorf("preferences %+v", p)
	}
	me.Do(http.MethodPut, "/me/notice-preferences", choice("password-changed", "off")).Problem(http.StatusUnprocessableEntity, "invalid")
}

// oneClick is the request of a mail program that ends a subscription (RFC 8058, section 3.2).
func oneClick(t *testing.T, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestOneClickNeedsNoSignInAndALookEndsNothing(t *testing.T) {
	t.Parallel()
	b, kit, _ := newLetterbox(t)
	r, err := kit.App.Test(oneClick(t, "/api/v1/unsubscribe/course-published/good"), -1)
	if err != nil || r.StatusCode != http.StatusNoContent || !slices.Equal(b.ended, []notify.Kind{notify.CoursePublished}) {
		t.Fatalf("%v %v %v", r, err, b.ended)
	}
	_ = r.Body.Close()
	r, err = kit.App.Test(oneClick(t, "/api/v1/unsubscribe/course-published/bad"), -1)
	if err != nil || r.StatusCode != http.StatusNotFound {
		t.Fatalf("%v %v", r, err)
	}
	_ = r.Body.Close()
	look, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/unsubscribe/course-published/good", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = kit.App.Test(look, -1); err != nil || r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/unsubscribe/course-published/good" || len(b.ended) != 1 {
		t.Fatalf("%v %v %v", r, err, b.ended)
	}
	_ = r.Body.Close()
	if look, err = http.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/unsubscribe/x/..%2f..%2fevil", nil); err != nil {
		t.Fatal(err)
	}
	if r, err = kit.App.Test(look, -1); err != nil || r.StatusCode != http.StatusNotFound {
		t.Fatalf("%v %v", r, err)
	}
	_ = r.Body.Close()
}
