package studyredis_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// BenchmarkBeats is the processor time that Redis takes for a beat of an hour's lesson, 15 s each, by batches.
func BenchmarkBeats(b *testing.B) {
	const batch, durationMS, beatMS = 256, 3_600_000, 15_000
	client := redistest.New(b)
	p := study.Policy{ChecksPerHour: 3}.OrDefaults()
	hot := studyredis.New(client, p)
	asked := make([]*studyredis.Asked, batch)
	sent := make(study.Bits, durationMS/segmentMS/8+1)
	for i := range sent {
		sent[i] = 0xff
	}
	now := int64(1_700_000_000_000)
	open := func() {
		for i := range asked {
			a := &studyredis.Asked{Who: studyredis.Who{Person: uuid.New(), Session: uuid.New()}}
			a.State = study.State{Fence: 1, OpenedMS: now, LastMS: now, DurationMS: durationMS, NeedS: durationMS / 1000, Chain: study.NewChain(), Delivered: sent, Covered: make(study.Bits, 100)}
			if err := hot.Put(b.Context(), a.Who, study.Person{Fence: 1}, &a.State); err != nil {
				b.Fatal(err)
			}
			asked[i] = a
		}
	}
	var spent float64
	for n := 0; b.Loop(); n++ {
		if n%200 == 0 {
			open()
			spent -= processor(b, client)
		}
		now += beatMS
		at := int64(n%200) * beatMS
		for _, a := range asked {
			spans := []study.Span{{FromMS: at, ToMS: at + beatMS - 7, Rate: 100}}
			a.Beat = study.Beat{Seq: a.State.Seq + 1, Chain: a.State.Chain, Next: study.NewChain(), Luck: 1<<24 - 1, Needs: []study.Segments{{First: at / segmentMS, Last: (at + beatMS) / segmentMS}}}
			a.Beat.Claim, _ = study.NewClaim(study.Report{Visible: true, Spans: spans}, study.Meta{DurationMS: durationMS}, p)
			a.Beat.Report = study.PackReport(study.Report{Visible: true, Spans: spans})
			if a.State.Check.Open() {
				a.Beat.Reply = &study.Reply{ID: a.State.Check.ID, Right: true}
				a.Beat.Report = study.PackReport(study.Report{Visible: true, Spans: spans, Reply: a.Beat.Reply})
			}
		}
		if err := hot.Judge(b.Context(), asked, now); err != nil || asked[batch-1].Verdict != study.Accepted {
			b.Fatal(err, asked[batch-1].Verdict)
		}
		if n%200 == 199 {
			spent += processor(b, client)
		}
	}
	if b.N%200 != 0 {
		spent += processor(b, client)
	}
	b.ReportMetric(spent/float64(b.N*batch), "redis-µs/beat")
}

// processor is what Redis has used so far, in microseconds.
func processor(b *testing.B, client goredis.UniversalClient) (us float64) {
	text, err := client.Info(b.Context(), "cpu").Result()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"used_cpu_user:", "used_cpu_sys:"} {
		_, rest, _ := strings.Cut(text, name)
		value, _, _ := strings.Cut(rest, "\r")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			b.Fatal(err)
		}
		us += n * 1e6
	}
	return us
}
