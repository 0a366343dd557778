package rosterjob_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// place is whom an organisation lists under an address.
func (w *world) place(at uuid.UUID, mail string) (id uuid.UUID) {
	w.t.Helper()
	w.ok(w.db.Pool().QueryRow(w.t.Context(), `SELECT id FROM staff WHERE org_id = $1 AND email_folded = $2`, at, mail).Scan(&id))
	return id
}

// listed puts somebody on an organisation's list; a person has a role there since the new year.
func (w *world) listed(at uuid.UUID, person *uuid.UUID, mail, number string) uuid.UUID {
	w.t.Helper()
	id := uuid.New()
	w.exec(`INSERT INTO staff (id, org_id, person_id, name, email, email_folded, employee_no, created_at, invited_at, joined_at)
		VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $6, CASE WHEN $3::uuid IS NOT NULL THEN $6::timestamptz END)`, id, at, person, mail, number, w.now)
	if person != nil {
		w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', '2026-01-01')`, uuid.New(), *person, at)
	}
	return id
}

func (w *world) grouped(at uuid.UUID, name string, staff ...uuid.UUID) roster.Group {
	w.t.Helper()
	g, err := w.store.CreateGroup(w.t.Context(), at, w.officer, name)
	w.ok(err)
	_, _, err = w.store.AddToGroup(w.t.Context(), g, w.officer, staff, nil)
	w.ok(err)
	return g
}

// merged makes the company the other's, as orgdb does.
func (w *world) merged() {
	w.t.Helper()
	w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) SELECT gen_random_uuid(), person_id, $2, role, $3 FROM memberships WHERE org_id = $1 AND until IS NULL ON CONFLICT DO NOTHING`, w.company, w.other, w.now)
	w.exec(`UPDATE memberships SET until = $2 WHERE org_id = $1 AND until IS NULL`, w.company, w.now)
	w.exec(`UPDATE organisations SET closed_at = $2, successor_id = $3 WHERE id = $1`, w.company, w.now, w.other)
	w.ok(w.db.InTx(w.t.Context(), func(ctx context.Context, tx *pg.Tx) error { return w.store.Inherit(ctx, tx, w.company, w.other) }))
}

func TestASuccessorHasTheListTheGroupsAndTheAssignments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, course := t.Context(), w.course()
	li, han, zhao, zhou, gone := w.person("李雷", "li@x.cn"), w.person("韩梅梅", "han@x.cn"), w.person("赵六", "zhao@x.cn"), w.person("周七", "zhou@x.cn"), w.person("吴八", "gone@x.cn")
	// Li is on both lists; Han is invited by the other; Zhao's number is another's there; Wang waits on both, Sun here alone.
	liHere, liThere := w.listed(w.company, &li, "li@x.cn", "001"), w.listed(w.other, &li, "li2@x.cn", "")
	hanHere, hanThere := w.listed(w.company, &han, "han@x.cn", ""), w.listed(w.other, nil, "han@x.cn", "")
	zhaoHere := w.listed(w.company, &zhao, "zhao@x.cn", "007")
	w.listed(w.other, &zhou, "zhou@x.cn", "007")
	wang, wangThere, sun := w.listed(w.company, nil, "wang@x.cn", ""), w.listed(w.other, nil, "wang@x.cn", ""), w.listed(w.company, nil, "sun@x.cn", "")
	// Wu had left before, and was invited by the other since.
	wu := w.listed(w.company, &gone, "gone@x.cn", "")
	w.exec(`UPDATE memberships SET until = '2026-06-01' WHERE person_id = $1`, gone)
	w.exec(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) SELECT $1, $2, $3, id, '2026-02-01', '2026-03-01' FROM course_versions WHERE course_id = $3`, uuid.New(), gone, course)
	wuThere := w.listed(w.other, nil, "gone@x.cn", "")
	here, there := w.grouped(w.company, "甲班", liHere, hanHere, wang, wu), w.grouped(w.other, "甲班", hanThere)
	w.grouped(w.company, "乙班", zhaoHere)
	a, err := w.store.Assign(ctx, roster.NewAssignment{Org: w.company, Course: course, Groups: []uuid.UUID{here.ID}, Staff: []uuid.UUID{zhaoHere, wang, sun}, DueOn: w.now.AddDate(0, 0, 20), By: w.officer})
	w.ok(err)
	w.merged()

	if n := w.count(`SELECT count(*) FROM staff WHERE org_id = $1`, w.company); n != 0 {
		t.Errorf("%d are left behind", n)
	}
	if w.place(w.other, "wang@x.cn") != wangThere || w.place(w.other, "han@x.cn") != hanHere || w.place(w.other, "gone@x.cn") != wuThere || w.place(w.other, "sun@x.cn") != sun {
		t.Error("who stands on both lists does not stand once, or an invitation was lost")
	}
	if n := w.count(`SELECT count(*) FROM staff WHERE org_id = $1 AND (id = $2 AND person_id = $3 OR id = $4 AND person_id = $5 AND employee_no = '' OR id = $6 AND email IS NULL)`, w.other, liThere, li, zhaoHere, zhao, wu); n != 3 {
		t.Errorf("%d of three came as they should", n)
	}
	groups, err := w.store.Groups(ctx, w.other)
	w.ok(err)
	got := map[string]int{}
	for _, g := range groups {
		got[g.Name] = g.Members
	}
	if len(got) != 3 || got["甲班"] != 1 || got["甲班（水务）"] != 4 || got["乙班"] != 1 {
		t.Errorf("groups %v", got)
	}
	if n := w.count(`SELECT count(*) FROM staff_group_members WHERE group_id = $1 AND staff_id = $2`, there.ID, hanHere); n != 1 {
		t.Error("whom the other had put into a group is not in it")
	}
	a, err = w.store.Assignment(ctx, a.ID)
	if err != nil || a.Org.ID != w.other || a.Counts[roster.Assigned] != 3 || a.Counts[roster.Finished] != 1 || a.Waiting != 2 {
		t.Errorf("%+v %v", a, err)
	}
	if mine, err := w.store.Mine(ctx, han); err != nil || len(mine) != 1 || mine[0].Org.ID != w.other {
		t.Errorf("%+v %v", mine, err)
	}
	i, err := w.store.Invitation(ctx, sun)
	if err != nil || i.Org.ID != w.other || i.State(w.now) != "open" {
		t.Errorf("%+v %v", i, err)
	}
}

func TestTwoRecordsOfOnePersonHaveOnePlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, course := t.Context(), w.course()
	keeper, joining := w.person("李雷", "li@x.cn"), w.person("李磊", "li2@x.cn")
	stays, alone := w.listed(w.company, &keeper, "li@x.cn", ""), w.listed(w.other, &joining, "li2@x.cn", "")
	goes := w.listed(w.company, &joining, "li2@x.cn", "")
	w.grouped(w.company, "甲班", goes, stays)
	_, err := w.store.Assign(ctx, roster.NewAssignment{Org: w.company, Course: course, Staff: []uuid.UUID{goes}, DueOn: time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC), By: w.officer})
	w.ok(err)
	w.tells(1)
	w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), keeper, w.other, w.now)
	w.ok(w.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error { return w.store.Unite(ctx, tx, joining, keeper) }))
	if n := w.count(`SELECT count(*) FROM staff WHERE person_id = $1 AND id IN ($2, $3)`, keeper, stays, alone); n != 2 || w.count(`SELECT count(*) FROM staff WHERE person_id = $1`, joining) != 0 {
		t.Errorf("%d places", n)
	}
	if mine, err := w.store.Mine(ctx, keeper); err != nil || len(mine) != 1 {
		t.Errorf("%+v %v", mine, err)
	}
	w.tells(0) // they know
	if slices.ContainsFunc(w.told, func(n notify.Notice) bool { return n.Person == keeper }) {
		t.Error("the keeper was told what they had been told")
	}
}
