package studydb_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// Each random history here is some hundred statements.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.checks", "40"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// desk is a store with people who study: the rules judge in memory, in Redis's
// place, and what they accept is kept in PostgreSQL.
type desk struct {
	db      *pg.DB
	store   *studydb.Store
	policy  study.Policy
	keys    *study.Keys
	courses [2]studytest.Course // the second is read
}

const lessonMS = 600_000

// ignore is what completion leads to here.
func ignore(context.Context, *pg.Tx, uuid.UUID, uuid.UUID, time.Time) error { return nil }

func newDesk(t *testing.T, checksPerHour int) *desk {
	t.Helper()
	d := &desk{db: pgtest.New(t)}
	d.store = studydb.New(d.db, ignore)
	d.policy = study.Policy{ChecksPerHour: checksPerHour, CreditHour: 10 * time.Minute, CheckGap: time.Minute}.OrDefaults()
	var err error
	if d.keys, err = study.NewKeys(study.Key{ID: "k", Secret: make([]byte, 32)}); err != nil {
		t.Fatal(err)
	}
	for i := range d.courses {
		if d.courses[i], err = studytest.PlantCourse(t.Context(), d.db, lessonMS); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// learner studies at the desk, one session at a time.
type learner struct {
	d       *desk
	ctx     context.Context
	now     int64
	who     [2]studytest.Learner // in each course
	person  study.Person
	session studydb.Session // the last one
	state   study.State
	all     []studydb.Session
	kept    []study.Row
}

func (d *desk) learner(ctx context.Context, day time.Time) (*learner, error) {
	l := &learner{d: d, ctx: ctx, now: day.UnixMilli() + 8*3_600_000}
	if err := d.store.MakePartitions(ctx, day, 2); err != nil {
		return nil, err
	}
	some, err := d.courses[0].Enrol(ctx, d.db, 1)
	if err != nil {
		return nil, err
	}
	l.who[0] = some[0]
	if some, err = d.courses[1].EnrolPeople(ctx, d.db, []uuid.UUID{some[0].Person}); err == nil {
		l.who[1] = some[0]
	}
	return l, err
}

// open opens a session of one of the lessons, taking over the one that is open.
func (l *learner) open(lesson int) error {
	c, e := l.d.courses[lesson], l.who[lesson]
	n := studydb.Session{Device: "Chrome on Linux", SignIn: []byte("s"), Chain: study.NewChain(), WindowMS: 60_000, NeedS: 120}
	n.Meta = study.Meta{ID: uuid.Must(uuid.NewV7()), PersonID: e.Person, EnrolmentID: e.Enrolment, LessonID: c.Lesson, AssetID: c.Asset, OpenedMS: l.now, DurationMS: lessonMS}
	if lesson == 1 {
		n.UnitMS, n.NeedS = 60_000, 50
	}
	live, found, err := l.d.store.Live(l.ctx, e.Person)
	if err != nil {
		return err
	}
	o := studydb.Opening{Session: n}
	if found {
		o.Holder = live.ID
	}
	opened, err := l.d.store.Open(l.ctx, o)
	if err != nil {
		return err
	}
	l.session, l.person, l.state = opened.Session, opened.Person, opened.State
	l.all = append(l.all, l.session)
	return nil
}

var errNotKept = errors.New("a beat that was accepted is not kept")

// beat judges one report and keeps it if it is accepted.
func (l *learner) beat(r study.Report) error {
	claim, err := study.NewClaim(r, l.session.Meta, l.d.policy)
	if err != nil {
		return err
	}
	report := study.PackReport(r)
	next := study.Link(l.state.Chain, l.session.ID, l.state.Seq+1, l.now, report)
	b := study.Beat{Seq: l.state.Seq + 1, Chain: l.state.Chain, Next: next, Claim: claim, Reply: r.Reply, Report: report, Luck: l.d.keys.Luck(next)}
	if study.Judge(l.d.policy, &l.person, &l.state, b, l.now) != study.Accepted {
		return nil
	}
	row, _ := l.state.LastRow(l.session.Meta)
	l.kept = append(l.kept, row)
	kept, err := l.d.store.Keep(l.ctx, []study.Row{row})
	if err == nil && kept[0] != studydb.Durable {
		err = errNotKept
	}
	return err
}

// plays is a beat of so many milliseconds from the playhead on.
func (l *learner) plays(ms int64) study.Report {
	from := l.state.ResumeMS % lessonMS
	return study.Report{Visible: true, Spans: []study.Span{{FromMS: from, ToMS: min(from+ms, lessonMS), Rate: 100}}}
}

func (l *learner) close() error {
	return l.d.store.Close(l.ctx, l.session, nil, l.now)
}

// study is a closed session of so many beats, its checks passed.
func (l *learner) study(beats int) error {
	if err := l.open(0); err != nil {
		return err
	}
	for range beats {
		l.now += 15_000
		r := l.plays(14_900)
		if l.state.Check.Open() {
			r.Reply = &study.Reply{ID: l.state.Check.ID, Right: true}
		}
		if err := l.beat(r); err != nil {
			return err
		}
	}
	return l.close()
}
