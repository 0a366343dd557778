package rosterjob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterdb"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterjob"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is two employers with an officer, and nobody on either list but them.
type world struct {
	t                       *testing.T
	db                      *pg.DB
	store                   *rosterdb.Store
	worker                  rosterjob.Worker
	told                    []notify.Notice
	fail                    error // what telling fails with
	company, other, officer uuid.UUID
	now                     time.Time
}

func (w *world) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	if w.fail != nil {
		return w.fail
	}
	w.told = append(w.told, n...)
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), company: uuid.New(), other: uuid.New(), officer: uuid.New(), now: time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)}
	files, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	roles := orgdb.New(w.db, func() time.Time { return w.now })
	w.store = rosterdb.New(w.db, rosterdb.Options{Trail: auditdb.Append, Notifier: w, Now: func() time.Time { return w.now }, Batch: 2,
		Join: func(ctx context.Context, tx *pg.Tx, person, at uuid.UUID, role org.Role) error {
			_, err := roles.AddMembershipIn(ctx, tx, person, person, at, role)
			return err
		},
		Enqueue: func(context.Context, *pg.Tx, river.JobArgs) error { return nil }})
	w.worker = rosterjob.Worker{Store: w.store, Objects: files}
	w.exec(`INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'employer', '水务', ARRAY[$1::uuid], now()), ($2, 'employer', '燃气', ARRAY[$2::uuid], now())`, w.company, w.other)
	w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, '贺清源', now())`, w.officer)
	w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'employer_officer', '2026-01-01')`, uuid.New(), w.officer, w.company)
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.Pool().QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// person opens an account.
func (w *world) person(name, email string) uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, name)
	w.exec(`INSERT INTO accounts VALUES ($1, $2, $3, 'x', now(), now())`, id, email, identity.FoldEmail(email))
	return id
}

// sent is an import whose file is there, before it is looked through.
func (w *world) sent(file string) uuid.UUID {
	w.t.Helper()
	i, err := w.store.BeginImport(w.t.Context(), w.company, w.officer, "staff.csv", int64(len(file)))
	w.ok(err)
	w.ok(w.worker.Objects.Put(w.t.Context(), rosterjob.Key(i.ID, 0), bytes.NewReader([]byte(file)), int64(len(file)), "text/csv"))
	w.ok(w.store.Check(w.t.Context(), i.ID, nil))
	return i.ID
}

func (w *world) step(id uuid.UUID) roster.Import {
	w.t.Helper()
	w.ok(w.worker.Step(w.t.Context(), id))
	i, err := w.store.Import(w.t.Context(), id)
	w.ok(err)
	return i
}

func (w *world) imported(file string) roster.Import {
	w.t.Helper()
	id := w.sent(file)
	if i := w.step(id); i.State != roster.Checked {
		w.t.Fatalf("%+v", i)
	}
	w.ok(w.store.Apply(w.t.Context(), id, w.officer, nil))
	return w.step(id)
}

func (w *world) members() []roster.Member {
	w.t.Helper()
	items, _, _, err := w.store.Members(w.t.Context(), roster.MemberFilter{Org: w.company, Limit: 100})
	w.ok(err)
	return items
}

const five = "姓名,邮箱,工号,部门,分组\n李雷,li@example.cn,001,一部,甲班\n韩梅梅,HAN@example.cn,002,一部,甲班\n,no@example.cn,003,,\n李蕾,li@example.cn,004,,\n赵六,zhao@example.cn,005,二部,乙班\n"

func TestAFileIsLookedThroughThenTakenInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sent(five)
	i := w.step(id)
	if i.State != roster.Checked || i.Total != 5 || i.Bad != 2 || i.Warned != 1 || i.Progress == 0 {
		t.Fatalf("%+v", i)
	}
	if n := w.count(`SELECT count(*) FROM staff WHERE person_id IS NULL`); n != 0 {
		t.Fatalf("looking through took in %d", n)
	}
	bad, _, err := w.store.Rows(t.Context(), id, roster.RowFilter{Which: "bad", Limit: 10})
	if err != nil || len(bad) != 2 || bad[0].Number != 4 || bad[0].Problems[0].Code != "name-missing" || bad[1].Problems[0].Code != "mail-twice" || bad[1].Problems[0].More != "2" {
		t.Fatalf("%+v %v", bad, err)
	}
	if err := w.store.Apply(t.Context(), id, w.officer, []int{2, 4}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a bad row is chosen: %v", err)
	}
	w.ok(w.store.Apply(t.Context(), id, w.officer, []int{2, 6}))
	if err := w.store.Apply(t.Context(), id, w.officer, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("applied twice: %v", err)
	}
	for range 3 { // as after a kill between the commit and the end of the job
		i = w.step(id)
	}
	if i.State != roster.Done || i.Added != 2 || i.Changed != 0 || i.Left != 0 || len(w.told) != 3 {
		t.Errorf("%+v, %d told", i, len(w.told))
	}
	if n := w.told[0]; n.Kind != "invitation" || n.Link.Purpose != roster.InvitationPurpose || n.Person != uuid.Nil || n.Address == "" || n.Facts["organisation"] != "水务" {
		t.Errorf("%+v", n)
	}
	if n := w.told[2]; n.Check() != nil || n.Kind != notify.ImportFinished || n.Person != w.officer || n.Facts["file"] != "staff.csv" || n.Facts["done"] != "2" || n.Facts["failed"] != "3" {
		t.Errorf("%+v", n)
	}
	groups, err := w.store.Groups(t.Context(), w.company)
	if err != nil || len(groups) != 2 || groups[0].Members != 1 {
		t.Errorf("%+v %v", groups, err)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action IN ('staff-import.apply', 'staff-import.finish')`); n != 2 {
		t.Errorf("%d deeds were noted", n)
	}
}

func TestATakingInThatBreaksLeavesNothingAndGoesOnLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sent(five)
	w.step(id)
	w.ok(w.store.Apply(t.Context(), id, w.officer, nil))
	w.fail = errors.New("killed")
	if err := w.worker.Step(t.Context(), id); !errors.Is(err, w.fail) {
		t.Fatal(err)
	}
	if n := w.count(`SELECT count(*) FROM staff WHERE person_id IS NULL`) + w.count(`SELECT count(*) FROM staff_groups`); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
	w.fail = nil
	if i := w.step(id); i.State != roster.Done || i.Added != 3 || w.count(`SELECT count(*) FROM staff WHERE person_id IS NULL`) != 3 {
		t.Errorf("%+v", i)
	}
}

func TestAnOrganisationThatClosesMeanwhileEndsTheImportWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sent(five)
	w.step(id)
	w.ok(w.store.Apply(t.Context(), id, w.officer, nil))
	waiting := w.listed(w.company, nil, "wang@example.cn", "")
	w.now = w.now.Add(time.Hour)
	w.exec(`UPDATE organisations SET closed_at = now() WHERE id = $1`, w.company)
	i := w.step(id)
	if i.State != roster.Failed || roster.Failure(i.Reason) != roster.OrgClosed || w.count(`SELECT count(*) FROM staff WHERE person_id IS NULL`) != 1 {
		t.Errorf("%+v", i)
	}
	if err := w.store.Invite(t.Context(), w.company, waiting, w.officer); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "closed") {
		t.Errorf("somebody is invited: %v", err)
	}
	if _, err := w.store.BeginImport(t.Context(), w.company, w.officer, "a.csv", 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another is begun: %v", err)
	}
}

func TestWhoHasAnAccountIsNeitherToldNorChangedNorMadeAMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := w.person("李磊本人", "Li@example.cn")
	i := w.imported(five)
	if i.Warned != 1 || i.Added != 3 {
		t.Errorf("that an address has an account can be seen: %+v", i)
	}
	for _, m := range w.members() {
		if m.Name == "李磊本人" || m.Email == "li@example.cn" && (m.State != roster.Invited || m.Name != "李雷") {
			t.Errorf("%+v", m)
		}
	}
	if n := w.count(`SELECT count(*) FROM memberships WHERE person_id = $1`, li); n != 0 {
		t.Error("they are a member without having said so")
	}
	place := w.told[slices.IndexFunc(w.told, func(n notify.Notice) bool { return n.Address == "li@example.cn" })].Link.ID
	stranger := w.person("路人", "x@example.cn")
	if _, err := w.store.Accept(t.Context(), place, stranger); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another took the place: %v", err)
	}
	if _, err := w.store.Accept(t.Context(), place, li); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Accept(t.Context(), place, li); fault.KindOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	if n := w.count(`SELECT count(*) FROM memberships WHERE person_id = $1 AND org_id = $2 AND role = 'professional'`, li, w.company); n != 1 {
		t.Errorf("%d memberships", n)
	}
	if n := w.count(`SELECT count(*) FROM people WHERE id = $1 AND name = '李磊本人'`, li); n != 1 {
		t.Error("the name was written over")
	}
}

func TestAnInvitationHoldsForItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	li := w.person("李雷", "li@example.cn")
	w.imported("姓名,邮箱\n李雷,li@example.cn\n")
	place := w.told[0].Link.ID
	w.now = w.now.Add(roster.InvitationLife + time.Minute)
	if _, err := w.store.Accept(t.Context(), place, li); fault.KindOf(err) != fault.Gone {
		t.Errorf("%v", err)
	}
	w.ok(w.store.Invite(t.Context(), w.company, place, w.officer))
	if err := w.store.Invite(t.Context(), w.company, place, w.officer); fault.KindOf(err) != fault.Conflict {
		t.Errorf("mail after mail: %v", err)
	}
	if err := w.store.Invite(t.Context(), w.other, place, w.officer); fault.KindOf(err) != fault.Conflict {
		t.Errorf("by another organisation: %v", err)
	}
	if _, err := w.store.Accept(t.Context(), place, li); err != nil {
		t.Error(err)
	}
}

func TestASecondImportChangesOnlyWhatIsTheOrganisations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.imported(five)
	id := w.sent("姓名,邮箱,工号,职务\n别名,li@example.cn,,主任\n王五,wang@example.cn,002,\n")
	i := w.step(id)
	if i.Bad != 1 || i.Warned != 1 {
		t.Fatalf("%+v", i)
	}
	w.ok(w.store.Apply(t.Context(), id, w.officer, nil))
	if i = w.step(id); i.Added != 0 || i.Changed != 1 {
		t.Errorf("%+v", i)
	}
	m := w.members()
	li := m[slices.IndexFunc(m, func(m roster.Member) bool { return m.Email == "li@example.cn" })]
	if li.Name != "李雷" || li.Position != "主任" || li.EmployeeNo != "001" || li.Department != "一部" {
		t.Errorf("%+v", li)
	}
}

func TestHeadingsNobodyKnowsAreMappedByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sent("甲,乙,丙\n1,李雷,li@example.cn\n")
	i := w.step(id)
	if i.State != roster.Mapping || !slices.Equal(i.Headings, []string{"甲", "乙", "丙"}) {
		t.Fatalf("%+v", i)
	}
	if err := w.store.Check(t.Context(), id, roster.Columns{roster.Name: 1, roster.Email: 9}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a column that is not there: %v", err)
	}
	w.ok(w.store.Check(t.Context(), id, roster.Columns{roster.Name: 1, roster.Email: 2}))
	if i = w.step(id); i.State != roster.Checked || i.Total != 1 || i.Bad != 0 {
		t.Errorf("%+v", i)
	}
}

func TestAFileThatCannotBeReadSaysWhyAndCanBeDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sent("姓名,邮箱\n")
	if i := w.step(id); i.State != roster.Failed || roster.Failure(i.Reason) != roster.NoRows || roster.NoRows.Text(true) == "" {
		t.Fatalf("%+v", i)
	}
	w.now = w.now.AddDate(0, 0, 31)
	w.ok(w.worker.Forget(t.Context()))
	if _, err := w.store.Import(t.Context(), id); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := w.worker.Objects.Stat(t.Context(), rosterjob.Key(id, 0)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("its file is still there: %v", err)
	}
}

// course is a published one.
func (w *world) course() uuid.UUID {
	id := uuid.New()
	w.exec(`INSERT INTO courses (id, org_id, created_by, created_at) SELECT $1, $2, $3, now()`, id, w.company, w.officer)
	w.exec(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, title_en, hours, published_at, created_at, updated_at) VALUES ($1, $2, 1, 'published', 'professional', 'zh', '水处理', 'Water', 2, now(), now(), now())`, uuid.New(), id)
	return id
}

func TestWhoComesIntoAGroupLaterHasItsCourseToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, course := t.Context(), w.course()
	li, han := w.person("李雷", "li@example.cn"), w.person("韩梅梅", "han@example.cn")
	w.imported(five)
	place := func(mail string) uuid.UUID {
		return w.told[slices.IndexFunc(w.told, func(n notify.Notice) bool { return strings.EqualFold(n.Address, mail) })].Link.ID
	}
	_, err := w.store.Accept(ctx, place("li@example.cn"), li)
	w.ok(err)
	g, err := w.store.CreateGroup(ctx, w.company, w.officer, " 新  班 ")
	if err != nil || g.Name != "新 班" {
		t.Fatal(g, err)
	}
	if _, err := w.store.CreateGroup(ctx, w.company, w.officer, "新 班"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second of the name: %v", err)
	}
	added, unknown, err := w.store.AddToGroup(ctx, g, w.officer, nil, []string{"001", "li@EXAMPLE.cn", "999", "nobody@example.cn"})
	if err != nil || added != 1 || !slices.Equal(unknown, []string{"999", "nobody@example.cn"}) {
		t.Fatal(added, unknown, err)
	}
	due := time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)
	if _, err := w.store.Assign(ctx, roster.NewAssignment{Org: w.other, Course: course, Groups: []uuid.UUID{g.ID}, DueOn: due, By: w.officer}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("another's group: %v", err)
	}
	a, err := w.store.Assign(ctx, roster.NewAssignment{Org: w.company, Course: course, Groups: []uuid.UUID{g.ID}, DueOn: due, Note: "上岗前", By: w.officer})
	if err != nil || a.Counts[roster.Assigned] != 1 || a.Title.Zh != "水处理" {
		t.Fatalf("%+v %v", a, err)
	}
	w.tells(1)
	_, _, err = w.store.AddToGroup(ctx, g, w.officer, nil, []string{"002"})
	w.ok(err)
	if a, err = w.store.Assignment(ctx, a.ID); err != nil || a.Waiting != 1 {
		t.Fatalf("%+v %v", a, err)
	}
	w.tells(0) // she has not joined
	_, err = w.store.Accept(ctx, place("HAN@example.cn"), han)
	w.ok(err)
	w.tells(1)
	mine, err := w.store.Mine(ctx, han)
	if err != nil || len(mine) != 1 || mine[0].Note != "上岗前" || mine[0].Stage != roster.Assigned || mine[0].Days != 15 {
		t.Fatalf("%+v %v", mine, err)
	}
	w.exec(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) SELECT $1, $2, $3, id, now(), now() FROM course_versions WHERE course_id = $3`, uuid.New(), li, course)
	reasons := 0
	for _, n := range w.told {
		if n.Kind != notify.CourseAssigned {
			continue
		}
		reasons++
		if text := fmt.Sprint(n.Tell("en", time.UTC)); n.Check() != nil || !strings.Contains(text, "上岗前") {
			t.Errorf("what is told lacks the reason: %s, %v", text, n.Check())
		}
	}
	if reasons == 0 {
		t.Error("nobody was told of a course")
	}
	w.now = time.Date(2026, 12, 4, 4, 0, 0, 0, time.UTC)
	w.tells(1) // a week before, only her who has not done it
	w.now = time.Date(2026, 12, 9, 4, 0, 0, 0, time.UTC)
	w.tells(1)
	w.tells(0)
	w.now = time.Date(2026, 12, 10, 17, 0, 0, 0, time.UTC) // the day after, there
	takers, _, err := w.store.Takers(ctx, a.ID, 10, "")
	if err != nil || len(takers) != 2 {
		t.Fatalf("%+v %v", takers, err)
	}
	for _, x := range takers {
		if want := map[string]roster.Stage{"李雷": roster.Finished, "韩梅梅": roster.Overdue}[x.Name]; x.Stage != want {
			t.Errorf("%s is %s", x.Name, x.Stage)
		}
	}
	w.exec(`UPDATE memberships SET until = since + interval '1 second' WHERE person_id = $1`, han)
	if mine, err = w.store.Mine(ctx, han); err != nil || len(mine) != 0 {
		t.Errorf("whoever left still has it: %+v %v", mine, err)
	}
	// Li had done it, and Han does it elsewhere after she left: the one is told, the other not.
	w.exec(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) SELECT $1, $2, $3, id, '2026-12-09', '2026-12-09' FROM course_versions WHERE course_id = $3`, uuid.New(), han, course)
	takers, _, err = w.store.Takers(ctx, a.ID, 10, "")
	w.ok(err)
	for _, x := range takers {
		if want := map[string]roster.Stage{"李雷": roster.Finished, "韩梅梅": roster.Overdue}[x.Name]; x.Stage != want || x.Name == "韩梅梅" && x.BegunAt != nil {
			t.Errorf("%s is %s, begun %v", x.Name, x.Stage, x.BegunAt)
		}
	}
	w.ok(w.store.Withdraw(ctx, a, w.officer))
	if mine, err = w.store.Mine(ctx, li); err != nil || len(mine) != 0 {
		t.Errorf("what was withdrawn is still there: %+v %v", mine, err)
	}
}

func (w *world) tells(want int) {
	w.t.Helper()
	if n, err := w.store.Tell(w.t.Context()); err != nil || n != want {
		w.t.Fatalf("%d were told, want %d: %v", n, want, err)
	}
}

func TestTheListShowsAndExportsEverybodyOfTheOrganisationAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.imported(five)
	w.exec(`INSERT INTO staff (id, org_id, name, email, email_folded, created_at) VALUES ($1, $2, '外人', 'o@example.cn', 'o@example.cn', now())`, uuid.New(), w.other)
	var names []string
	w.ok(w.store.Export(t.Context(), w.company, w.officer, "csv", func(m roster.Member) error {
		names = append(names, m.Name)
		return nil
	}))
	if slices.Sort(names); fmt.Sprint(names) != "[李雷 贺清源 赵六 韩梅梅]" {
		t.Errorf("%v", names)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'staff.export' AND actor_id = $1`, w.officer); n != 1 {
		t.Errorf("%d exports were noted", n)
	}
	var seen []string
	for cursor := ""; ; {
		items, next, total, err := w.store.Members(t.Context(), roster.MemberFilter{Org: w.company, Limit: 1, Cursor: cursor})
		if err != nil || total != 4 {
			t.Fatal(total, err)
		}
		seen = append(seen, items[0].Name)
		if next == nil {
			break
		}
		cursor = *next
	}
	if slices.Sort(seen); !slices.Equal(seen, names) {
		t.Errorf("by pages %v", seen)
	}
	found, _, total, err := w.store.Members(t.Context(), roster.MemberFilter{Org: w.company, Query: "二部", Limit: 10})
	if err != nil || total != 1 || found[0].Name != "赵六" {
		t.Errorf("%+v %v", found, err)
	}
}
