package catalogdb_test

import (
	"testing"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/notify/notifytest"
)

func TestTheAuthorIsToldWhatWasDecided(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t), &notifytest.Told{}
	w.store = w.store.Telling(p)
	course := w.draft(t, "数据安全")
	w.decide(t, catalog.Decision{Version: w.submit(t, course), By: w.officer, Depts: w.approval(course).Depts, Reason: "请补充字幕"})
	w.decide(t, w.approval(w.submit(t, course)))
	if len(p.Notices) != 2 {
		t.Fatalf("told %+v", p.Notices)
	}
	back, out := p.Notices[0], p.Notices[1]
	if back.Kind != notify.CourseReturned || back.Person != w.author || back.Facts["reason"] != "请补充字幕" || back.Path != "/workspace/courses/"+course.String() {
		t.Errorf("told %+v", back)
	}
	if out.Kind != notify.CoursePublished || out.Person != w.author || out.Facts["course_zh"] != "数据安全" || out.Facts["hours"] == "" || out.Path != "/courses/"+course.String() {
		t.Errorf("told %+v", out)
	}
	if err := w.store.Decide(t.Context(), w.approval(w.latest(t, course).VersionID)); err == nil || len(p.Notices) != 2 {
		t.Errorf("what was not decided was told: %v", err)
	}
}
