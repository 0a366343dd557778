package catalogdb_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/catalog/catalogdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

func decisions(v catalog.Version) string {
	var out []string
	for _, e := range v.Reviews {
		out = append(out, e.Decision)
	}
	return strings.Join(out, " ")
}

func TestACourseOnItsWayToTheCatalogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.draft(t, "节水灌溉")
	v := w.latest(t, course)
	if v.State != catalog.Draft || v.Published || v.Version != 1 || v.Revision != 3 || v.Lessons != 3 || v.Questions != 1 || v.DurationS != 62+30 || v.Field.Root != "agriculture" || !slices.Equal(v.Lineage, []uuid.UUID{w.school, w.province, w.nation}) {
		t.Fatalf("draft %+v", v)
	}
	version := w.submit(t, course)
	w.decide(t, catalog.Decision{Version: version, By: w.officer, Depts: []uuid.UUID{w.nation}, Reason: "学时偏多"})
	v = w.latest(t, course)
	if v.State != catalog.Returned || v.DecidedBy.ID != w.officer || v.Reviews[1].Reason != "学时偏多" || v.Reviews[1].By.Name != "处长" {
		t.Fatalf("returned %+v", v)
	}
	f := v.Fields
	f.Title.En = "Drip irrigation"
	if err := w.store.Update(t.Context(), course, v.Revision, f); err != nil {
		t.Fatalf("a returned version is edited: %v", err)
	}
	w.submit(t, course)
	if v = w.latest(t, course); v.State != catalog.Submitted || v.DecidedBy != nil || v.SubmittedBy.ID != w.author {
		t.Fatalf("submitted again %+v", v)
	}
	if err := w.store.Withdraw(t.Context(), course, w.author); err != nil {
		t.Fatal(err)
	}
	w.submit(t, course)
	if _, err := w.store.Page(t.Context(), course, w.learner); fault.KindOf(err) != fault.NotFound {
		t.Errorf("what waits for review is in the catalogue: %v", err)
	}
	w.decide(t, w.approval(version))
	v = w.latest(t, course)
	if v.State != catalog.Published || !v.Published || *v.Hours != 2 || *v.Fields.ProposedHours != 2.5 || v.Fields.Title.En != "Drip irrigation" {
		t.Errorf("published %+v", v)
	}
	if got := decisions(v); got != "submitted returned submitted withdrawn submitted approved" {
		t.Errorf("its history is %s", got)
	}
	p, err := w.store.Page(t.Context(), course, w.learner)
	if err != nil || p.Hours != 2 || p.DurationS != 62+30 || !p.HasVideo || !p.HasDocument || !slices.Equal(p.Captions, []string{"zh"}) || p.EnrolmentID != nil || len(p.Outcomes) != 1 || p.Chapters[0].Lessons[0].DurationMS != 61_500 {
		t.Errorf("page %+v, %v", p, err)
	}
	if l := p.Chapters[0].Lessons[1]; *l.Reading != (catalog.Plan{Pages: 1, PageMinS: 30, PageMaxS: 90}) || l.DurationMS != 30_000 {
		t.Errorf("its document is read %+v in %d ms", *l.Reading, l.DurationMS)
	}
}

func TestWhatAStateDoesNotAllowIsAConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft, waiting, published := w.draft(t, "草稿"), w.draft(t, "待审"), w.published(t, "发布")
	waitingVersion := w.submit(t, waiting)
	taken := w.draft(t, "撤回")
	w.submit(t, taken)
	if err := w.store.Withdraw(t.Context(), taken, w.author); err != nil {
		t.Fatal(err)
	}
	ctx, s := t.Context(), w.store
	rev := func(course uuid.UUID) int64 { return w.latest(t, course).Revision }
	for _, tc := range []struct {
		name, code string
		err        error
	}{
		{"a submitted version is not edited", "not-editable", s.Update(ctx, waiting, rev(waiting), fields(catalog.Text{}))},
		{"nor is its outline", "not-editable", s.ReplaceOutline(ctx, waiting, rev(waiting), nil)},
		{"a published version is not edited", "not-editable", s.Update(ctx, published, rev(published), fields(catalog.Text{}))},
		{"a submitted version is not submitted again", "not-editable", s.Submit(ctx, waiting, w.author, rev(waiting))},
		{"a published version is not submitted again", "not-editable", s.Submit(ctx, published, w.author, rev(published))},
		{"a draft is not withdrawn", "not-submitted", s.Withdraw(ctx, draft, w.author)},
		{"a published version is not withdrawn", "not-submitted", s.Withdraw(ctx, published, w.author)},
		{"a draft is not decided on", "already-decided", s.Decide(ctx, w.approval(w.latest(t, draft).VersionID))},
		{"a published version is not decided on again", "already-decided", s.Decide(ctx, w.approval(w.latest(t, published).VersionID))},
		{"a draft has no next version", "version-open", s.NewVersion(ctx, draft)},
		{"a submitted version has no next version", "version-open", s.NewVersion(ctx, waiting)},
		{"what waits is not deleted", "was-submitted", s.Delete(ctx, waiting)},
		{"what was submitted once is not deleted", "was-submitted", s.Delete(ctx, taken)},
		{"what is published is not deleted", "was-submitted", s.Delete(ctx, published)},
	} {
		t.Run(tc.name, func(t *testing.T) { refused(t, tc.err, fault.Conflict, tc.code) })
	}
	if v, err := s.Version(ctx, waitingVersion); err != nil || v.State != catalog.Submitted || decisions(v) != "submitted" {
		t.Errorf("a refused step left its mark: %+v, %v", v, err)
	}
	if err := s.NewVersion(ctx, published); err != nil {
		t.Fatal(err)
	}
	refused(t, s.NewVersion(ctx, published), fault.Conflict, "version-open")
	refused(t, s.Delete(ctx, published), fault.Conflict, "was-submitted")
	if err := s.Delete(ctx, draft); err != nil {
		t.Fatal(err)
	}
	refused(t, s.Delete(ctx, draft), fault.NotFound, "")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, s, none := t.Context(), w.store, uuid.New()
	_, latest := s.Latest(ctx, none)
	_, version := s.Version(ctx, none)
	_, page := s.Page(ctx, none, w.learner)
	_, _, provider := s.Organisation(ctx, none)
	for what, err := range map[string]error{
		"latest": latest, "version": version, "page": page, "provider": provider, "update": s.Update(ctx, none, 1, fields(catalog.Text{})), "outline": s.ReplaceOutline(ctx, none, 1, nil),
		"submit": s.Submit(ctx, none, w.author, 1), "withdraw": s.Withdraw(ctx, none, w.author), "decide": s.Decide(ctx, w.approval(none)), "new version": s.NewVersion(ctx, none), "delete": s.Delete(ctx, none),
	} {
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	if list, err := s.Outline(ctx, none); err != nil || len(list) != 0 {
		t.Errorf("outline %v, %v", list, err)
	}
}

func TestAnIncompleteCourseIsNotSubmittedAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course, err := w.store.Create(t.Context(), w.school, w.author, fields(catalog.Text{Zh: "空"}))
	if err != nil {
		t.Fatal(err)
	}
	f, ok := fault.Of(w.store.Submit(t.Context(), course, w.author, 1))
	if !ok || f.Kind != fault.Invalid || f.Code != "not-ready" {
		t.Fatalf("answered %+v", f)
	}
	var places []string
	for _, x := range f.Fields {
		places = append(places, x.Path)
	}
	if got := strings.Join(places, " "); got != "summary.zh description.zh proposed_hours chapters" {
		t.Errorf("missing %s", got)
	}
	if v := w.latest(t, course); v.State != catalog.Draft || v.Revision != 1 || len(v.Reviews) != 0 {
		t.Errorf("left %+v", v)
	}
}

func TestOfAuthorsWhoSaveAtOnceOneIsKeptAndTheOthersAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.draft(t, "甲")
	revision := w.latest(t, course).Revision
	errs := make([]error, 6)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = w.store.Update(t.Context(), course, revision, fields(catalog.Text{Zh: string(rune('A' + i))}))
		})
	}
	all.Wait()
	kept := ""
	for i, err := range errs {
		if err == nil {
			kept += string(rune('A' + i))
		} else if fault.KindOf(err) != fault.Precondition {
			t.Errorf("told %v", err)
		}
	}
	if v := w.latest(t, course); len(kept) != 1 || v.Fields.Title.Zh != kept || v.Revision != revision+1 {
		t.Errorf("of %q %q is kept at revision %d", kept, v.Fields.Title.Zh, v.Revision)
	}
}

func TestOfOfficersWhoDecideAtOnceOneDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	version := w.submit(t, w.draft(t, "甲"))
	other := w.approval(version)
	other.Approve, other.Reason, other.By = false, "不", w.learner
	errs := make([]error, 6)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = w.store.Decide(t.Context(), []catalog.Decision{w.approval(version), other}[i%2]) })
	}
	all.Wait()
	decided := 0
	for _, err := range errs {
		if err == nil {
			decided++
			continue
		}
		refused(t, err, fault.Conflict, "already-decided")
	}
	v, err := w.store.Version(t.Context(), version)
	if err != nil || decided != 1 || len(v.Reviews) != 2 || (v.State == catalog.Published) != v.Published {
		t.Errorf("%d decided: %+v, %v", decided, v, err)
	}
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	version := w.submit(t, w.draft(t, "甲"))
	for _, tc := range []struct {
		name  string
		depts []uuid.UUID
		by    uuid.UUID
		kind  fault.Kind
		code  string
	}{
		{"an officer of another province does not see it", []uuid.UUID{w.elsewhere}, w.officer, fault.NotFound, ""},
		{"an officer of no department does not see it", nil, w.officer, fault.NotFound, ""},
		{"nobody decides on a submission of their own", []uuid.UUID{w.province}, w.author, fault.Forbidden, "own-submission"},
		{"nor returns it", []uuid.UUID{w.nation}, w.author, fault.Forbidden, "own-submission"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := catalog.Decision{Version: version, By: tc.by, Depts: tc.depts, Approve: tc.depts == nil || tc.depts[0] != w.nation, Hours: 2, Reason: "不"}
			refused(t, w.store.Decide(t.Context(), d), tc.kind, tc.code)
		})
	}
	wordless := catalog.Decision{Version: version, By: w.officer, Depts: []uuid.UUID{w.province}}
	refused(t, w.store.Decide(t.Context(), wordless), fault.Invalid, "")
	tooMuch := w.approval(version)
	tooMuch.Hours = 300
	refused(t, w.store.Decide(t.Context(), tooMuch), fault.Invalid, "")
	if v, err := w.store.Version(t.Context(), version); err != nil || v.State != catalog.Submitted || len(v.Reviews) != 1 {
		t.Errorf("a refused decision left its mark: %+v, %v", v, err)
	}
	w.decide(t, catalog.Decision{Version: version, By: w.officer, Depts: []uuid.UUID{w.elsewhere, w.nation}, Approve: true, Hours: 2})
}

// withoutIDs is an outline as text, to compare what two versions say.
func withoutIDs(t *testing.T, chapters []catalog.Chapter) (text string, ids map[uuid.UUID]bool) {
	t.Helper()
	ids = map[uuid.UUID]bool{}
	drop := func(id *uuid.UUID) { ids[*id], *id = true, uuid.Nil }
	for i := range chapters {
		drop(&chapters[i].ID)
		for j := range chapters[i].Lessons {
			l := &chapters[i].Lessons[j]
			drop(&l.ID)
			if l.Quiz != nil {
				drop(&l.Quiz.ID)
				for k := range l.Quiz.Questions {
					drop(&l.Quiz.Questions[k].ID)
				}
			}
		}
	}
	data, err := json.Marshal(chapters)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), ids
}

func TestANewVersionIsACopyWhileTheOldOneGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.published(t, "节水灌溉")
	old := w.latest(t, course)
	enrolment := uuid.New()
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) VALUES ($1, $2, $3, $4, now())`, enrolment, w.learner, course, old.VersionID)
	if err := w.store.NewVersion(t.Context(), course); err != nil {
		t.Fatal(err)
	}
	next := w.latest(t, course)
	if next.Version != 2 || next.State != catalog.Draft || next.Hours != nil || *next.Fields.ProposedHours != *old.Hours || next.Fields.Title != old.Fields.Title || len(next.Reviews) != 0 {
		t.Errorf("the copy is %+v", next)
	}
	before, oldIDs := withoutIDs(t, old.Chapters)
	after, newIDs := withoutIDs(t, next.Chapters)
	if before != after {
		t.Errorf("the copy's outline is\n%s\nwant\n%s", after, before)
	}
	for id := range newIDs {
		if oldIDs[id] {
			t.Errorf("%s is in both versions", id)
		}
	}
	if p, err := w.store.Page(t.Context(), course, w.learner); err != nil || p.VersionID != old.VersionID {
		t.Errorf("meanwhile the catalogue shows %+v, %v", p.Card, err)
	}
	w.decide(t, w.approval(w.submit(t, course)))
	p, err := w.store.Page(t.Context(), course, w.learner)
	if err != nil || p.VersionID != next.VersionID || p.Learners != 1 || p.EnrolmentID == nil || *p.EnrolmentID != enrolment {
		t.Errorf("then the catalogue shows %+v, %v", p, err)
	}
	v, err := w.store.Version(t.Context(), old.VersionID)
	if still, ids := withoutIDs(t, v.Chapters); err != nil || v.State != catalog.Superseded || len(ids) != len(oldIDs) || !strings.Contains(still, "61500") {
		t.Errorf("learners of the old one have %s of %s, %v", v.State, still, err)
	}
	cards, err := w.store.Cards(t.Context(), []uuid.UUID{old.VersionID, next.VersionID, uuid.New()})
	if err != nil || len(cards) != 2 || cards[old.VersionID].Version != 1 || cards[next.VersionID].Version != 2 {
		t.Errorf("cards %+v, %v", cards, err)
	}
	if n := w.count(t, `SELECT count(*) FROM course_versions WHERE course_id = $1 AND state = 'published'`, course); n != 1 {
		t.Errorf("%d versions are published", n)
	}
}

func TestAnOutlineKeepsWhatItHasAndTakesNothingOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course, other := w.draft(t, "甲"), w.draft(t, "乙")
	v, foreign := w.latest(t, course), w.latest(t, other)
	theirs, paper := uuid.New(), uuid.New()
	w.asset(t, theirs, w.otherSchool, "video")
	w.asset(t, paper, w.school, "document")
	for _, tc := range []struct {
		name   string
		change func(c []catalog.Chapter)
		path   string
	}{
		{"another course's chapter", func(c []catalog.Chapter) { c[0].ID = foreign.Chapters[0].ID }, "body.chapters[0].id"},
		{"another course's lesson", func(c []catalog.Chapter) { c[0].Lessons[0].ID = foreign.Chapters[0].Lessons[0].ID }, "body.chapters[0].lessons[0].id"},
		{"another course's question", func(c []catalog.Chapter) {
			c[1].Lessons[0].Quiz.Questions[0].ID = foreign.Chapters[1].Lessons[0].Quiz.Questions[0].ID
		}, "body.chapters[1].lessons[0].quiz.questions[0].id"},
		{"another organisation's file", func(c []catalog.Chapter) { c[0].Lessons[0].AssetID = &theirs }, "body.chapters[0].lessons[0].asset_id"},
		{"a file that is not there", func(c []catalog.Chapter) { c[0].Lessons[0].AssetID = new(uuid.New()) }, "body.chapters[0].lessons[0].asset_id"},
		{"a paper for a video", func(c []catalog.Chapter) { c[0].Lessons[0].AssetID = &paper }, "body.chapters[0].lessons[0].asset_id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			chapters := w.latest(t, course).Chapters
			tc.change(chapters)
			err := w.store.ReplaceOutline(t.Context(), course, v.Revision, chapters)
			if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Path != tc.path {
				t.Errorf("answered %+v", err)
			}
		})
	}
	chapters := w.latest(t, course).Chapters
	slices.Reverse(chapters)
	slices.Reverse(chapters[1].Lessons)
	chapters[1].Lessons[0].AssetID = &paper
	if err := w.store.ReplaceOutline(t.Context(), course, v.Revision, chapters); err != nil {
		t.Fatal(err)
	}
	got := w.latest(t, course)
	if got.Chapters[0].ID != v.Chapters[1].ID || got.Chapters[1].Lessons[1].ID != v.Chapters[0].Lessons[0].ID || *got.Chapters[1].Lessons[0].AssetID != paper || got.Chapters[0].Lessons[0].Quiz.Questions[0].ID != v.Chapters[1].Lessons[0].Quiz.Questions[0].ID {
		t.Errorf("kept %+v", got.Chapters)
	}
	if n := w.count(t, `SELECT count(*) FROM questions`); n != 2 {
		t.Errorf("%d questions are there, want one a course", n)
	}
}

func TestFieldsThatDoNotFit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unknown := "alchemy"
	f := fields(catalog.Text{Zh: "甲"})
	f.FieldID = &unknown
	_, err := w.store.Create(t.Context(), w.school, w.author, f)
	if x, ok := fault.Of(err); !ok || x.Kind != fault.Invalid || x.Fields[0].Path != "body.field_id" {
		t.Errorf("a field that is not there: %v", err)
	}
	if n := w.count(t, `SELECT count(*) FROM courses`); n != 0 {
		t.Errorf("%d courses stayed", n)
	}
	course := w.draft(t, "甲")
	f = fields(catalog.Text{Zh: "甲"})
	f.Subject = catalog.Public
	if x, ok := fault.Of(w.store.Update(t.Context(), course, 3, f)); !ok || x.Kind != fault.Invalid || x.Fields[0].Path != "body.subject" {
		t.Errorf("a school's public subject: %v", x)
	}
}

func TestTheTreeOfFieldsComesParentsFirst(t *testing.T) {
	t.Parallel()
	list, err := catalogdb.New(pgtest.New(t), nil).Fields(t.Context())
	if err != nil || len(list) != 15 {
		t.Fatalf("%d fields, %v", len(list), err)
	}
	seen := map[string]bool{}
	for _, f := range list {
		if f.ParentID != nil && (!seen[*f.ParentID] || f.Root != *f.ParentID) {
			t.Errorf("%s comes before its parent or is not below it: %s", f.ID, f.Root)
		}
		seen[f.ID] = true
	}
}
