package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// evidence asks what a beat takes on disk, and that not one is missing nor a
// millisecond of it; then what an hour takes when it is compacted.
func (m *measurer) evidence(ctx context.Context) error {
	var bytes, beats, credited, studied int64
	err := m.s.db.Pool().QueryRow(ctx, `
		SELECT (SELECT sum(pg_relation_size(inhrelid) + pg_indexes_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'study_beat_rows'::regclass), count(*), sum(credit_ms) FROM study_beat_rows`).Scan(&bytes, &beats, &credited)
	if err != nil {
		return fmt.Errorf("size of the evidence: %w", err)
	}
	for i := range m.learners {
		studied += m.learners[i].at
	}
	if beats != m.r.Beats || credited != studied {
		return fmt.Errorf("%d beats of %d ms were acknowledged, PostgreSQL has %d of %d ms", m.r.Beats, studied, beats, credited)
	}
	m.r.EvidenceBytesPerBeat = float64(bytes) / float64(beats)
	m.r.EvidenceBytesPerSession, err = m.compacted(ctx)
	return err
}

const (
	// hours are so many sessions of an hour each, by people of their own.
	hours    = 500
	perHour  = 240
	beatMS   = lessonMS / perHour
	checkAt  = 60 // a check is asked with every sixtieth beat, and answered two later
	answerIn = 2
)

// compacted is what a session of an hour takes when it is compacted: a beat
// every 15 s, four checks passed, played through at a pace that is a little uneven.
func (m *measurer) compacted(ctx context.Context) (float64, error) {
	people, err := m.s.course.Enrol(ctx, m.s.db, hours)
	if err != nil {
		return 0, err
	}
	store := studydb.New(m.s.db, nil)
	opened := time.Now().AddDate(0, 0, -30)
	var all []studydb.Session
	for _, p := range people {
		n := m.crowd.first
		n.ID, n.PersonID, n.EnrolmentID, n.OpenedMS, n.Chain = uuid.Must(uuid.NewV7()), p.Person, p.Enrolment, opened.UnixMilli(), study.NewChain()
		o, err := store.Open(ctx, studydb.Opening{Session: n})
		if err != nil {
			return 0, err
		}
		all = append(all, o.Session)
	}
	links := make([]study.Chain, len(all))
	used, at := make([]int64, len(all)), make([]int64, len(all))
	for seq := int64(1); seq <= perHour; seq++ {
		rows := make([]study.Row, len(all))
		for i, n := range all {
			if seq == 1 {
				links[i] = n.Chain
			}
			rows[i] = hourBeat(n, seq, int64(i), links[i], &used[i], &at[i])
			links[i] = rows[i].Chain
		}
		if _, err := store.Keep(ctx, rows); err != nil {
			return 0, err
		}
	}
	for _, n := range all {
		if err := store.Close(ctx, n, nil, n.OpenedMS+lessonMS+1000); err != nil {
			return 0, err
		}
	}
	if n, err := store.Compact(ctx, time.Now(), hours); err != nil || n != hours {
		return 0, fmt.Errorf("%d of %d sessions were compacted (%w)", n, hours, err)
	}
	if f, err := store.Verify(ctx, studydb.Scope{Day: opened.UTC().Truncate(24 * time.Hour)}, study.Policy{}.OrDefaults()); err != nil || f.Mistakes > 0 {
		return 0, fmt.Errorf("the compacted sessions are not right: %v (%w)", f.Wrong, err)
	}
	var bytes int64
	err = m.s.db.Pool().QueryRow(ctx, `SELECT pg_relation_size('study_evidence') + pg_indexes_size('study_evidence')`).Scan(&bytes)
	return float64(bytes) / hours, err
}

// hourBeat is one beat of a session; used and at are up to where its clock and its media were played.
func hourBeat(n studydb.Session, seq, salt int64, before study.Chain, used, at *int64) study.Row {
	ms := int64(beatMS - 10 - (seq*7+salt)%9)
	r := study.Row{Meta: n.Meta, Seq: seq, AtMS: n.OpenedMS + seq*beatMS, CreditFromMS: n.OpenedMS + *used, CreditMS: ms, Presence: study.Waiting}
	report := study.Report{Visible: true, Spans: []study.Span{{FromMS: *at, ToMS: *at + ms, Rate: 100}}}
	switch seq % checkAt {
	case checkAt - answerIn - 1:
		r.Presence = study.Asked
	case checkAt - 1:
		r.Presence, report.Reply = study.Passed, &study.Reply{}
	}
	*used, *at = *used+ms, *at+ms
	r.Report = study.PackReport(report)
	r.Chain = study.Link(before, n.ID, seq, r.AtMS, r.Report)
	return r
}
