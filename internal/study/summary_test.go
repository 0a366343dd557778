package study_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

const openedMS = 1_790_000_000_000

// hour is a session of an hour, a beat every 15 s, with a check every 20 minutes.
func hour(tb testing.TB) *study.Summary {
	tb.Helper()
	m := study.Meta{ID: uuid.New(), OpenedMS: openedMS, DurationMS: 3_600_000}
	link := study.NewChain()
	z := study.NewSummarizer(m, study.State{}, link)
	for i := range int64(240) {
		at := int64(openedMS) + (i+1)*15_000 + i%7*40
		r := study.Report{Visible: true, Spans: []study.Span{{FromMS: i * 14_990, ToMS: (i + 1) * 14_990, Rate: 100}}}
		row := study.Row{Meta: m, Seq: i + 1, AtMS: at, CreditFromMS: openedMS + i*14_990, CreditMS: 14_990, Presence: study.Waiting}
		switch i % 80 {
		case 70:
			row.Presence = study.Asked
		case 72:
			row.Presence = study.Passed
			r.Reply = &study.Reply{}
		}
		row.Report = study.PackReport(r)
		link = study.Link(link, m.ID, row.Seq, at, row.Report)
		row.Chain = link
		if err := z.Add(row); err != nil {
			tb.Fatal(err)
		}
	}
	return z.Summary()
}

func TestASummaryOfAnHourIsShortAndReadBack(t *testing.T) {
	t.Parallel()
	sum := hour(t)
	body := sum.Pack(openedMS)
	if len(body) > 200 {
		t.Errorf("%d bytes", len(body))
	}
	back, err := study.UnpackSummary(body, openedMS)
	if err != nil {
		t.Fatal(err)
	}
	if back.Beats != 240 || back.CreditMS() != 240*14_990 || back.Sums() != sum.Sums() || len(back.Clock) != 1 || len(back.Media) != 1 || back.ResumeMS != 240*14_990 {
		t.Errorf("%+v", back)
	}
	for i := range body {
		changed := bytes.Clone(body)
		changed[i] ^= 1
		if other, err := study.UnpackSummary(changed, openedMS); err == nil && bytes.Equal(other.Pack(openedMS), body) {
			t.Errorf("byte %d can be changed without changing what it says", i)
		}
		if _, err := study.UnpackSummary(body[:i], openedMS); err == nil {
			t.Errorf("%d bytes of it are taken for all", i)
		}
	}
}

func TestABeatThatDoesNotFollowIsNotSummarized(t *testing.T) {
	t.Parallel()
	m := study.Meta{ID: uuid.New(), OpenedMS: openedMS, DurationMS: 60_000}
	first := study.NewChain()
	report := study.PackReport(study.Report{})
	good := study.Row{Meta: m, Seq: 1, AtMS: openedMS + 5, Report: report, Chain: study.Link(first, m.ID, 1, openedMS+5, report)}
	for name, change := range map[string]func(*study.Row){
		"another time":   func(r *study.Row) { r.AtMS++ },
		"another report": func(r *study.Row) { r.Report = []byte{4} },
		"another link":   func(r *study.Row) { r.Chain[0]++ },
		"one left out":   func(r *study.Row) { r.Seq++ },
	} {
		bad := good
		change(&bad)
		if err := study.NewSummarizer(m, study.State{}, first).Add(bad); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := study.NewSummarizer(m, study.State{}, first).Add(good); err != nil {
		t.Error(err)
	}
}

// Whatever bytes there are, they are read as exactly one summary or refused.
func FuzzUnpackSummary(f *testing.F) {
	f.Add(hour(f).Pack(openedMS))
	f.Add(new(study.Summary).Pack(openedMS))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, body []byte) {
		sum, err := study.UnpackSummary(body, openedMS)
		if err != nil {
			return
		}
		if !bytes.Equal(sum.Pack(openedMS), body) {
			t.Errorf("%x is read as %+v", body, sum)
		}
		var s study.State
		s.Recall(sum)
		if all := sum.Sums(); s.VerifiedMS != all.ConfirmedMS || s.ForfeitedMS != all.ForfeitedMS || s.PendingMS != all.WaitingMS {
			t.Errorf("%+v, not %+v", s, all)
		}
	})
}
