package studyredis

import (
	"strconv"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

func TestAnAnswerIsReadWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	state := string(packState(&study.State{Seq: 7, Report: []byte{5}, Delivered: study.Bits{3}}))
	answer := "*6\r\n:2\r\n$0\r\n\r\n$0\r\n\r\n:0\r\n$" + strconv.Itoa(len(state)) + "\r\n" + state + "\r\n$0\r\n\r\n"
	asked := []*Asked{{}, {}}
	if err := readRaw([]byte(answer), asked); err != nil {
		t.Fatal(err)
	}
	if asked[0].Verdict != study.Missing || asked[1].Verdict != study.Accepted || asked[1].State.Seq != 7 {
		t.Fatalf("read as %+v and %+v", asked[0].Judged, asked[1].Judged)
	}
	for n := range len(answer) {
		if err := readRaw([]byte(answer[:n]), asked); err == nil {
			t.Fatalf("%d of %d bytes were taken for an answer", n, len(answer))
		}
	}
	if err := readRaw([]byte(answer), asked[:1]); err == nil {
		t.Fatal("an answer for two was taken for one")
	}
}

func TestKeysLieInOneSlot(t *testing.T) {
	t.Parallel()
	w := Who{Person: uuid.MustParse("00112233-4455-6677-8899-aabbccddeeff"), Session: uuid.MustParse("ffeeddcc-bbaa-9988-7766-554433221100")}
	person, session := w.keys()
	if person != "hgp{ABEiM0RVZneImaq7zN3u_w}" || session != "hgs{ABEiM0RVZneImaq7zN3u_w}_-7dzLuqmYh3ZlVEMyIRAA" {
		t.Fatalf("the keys are %s and %s", person, session)
	}
}

func BenchmarkCall(b *testing.B) {
	h := &Hot{policy: make([]byte, 56)}
	asked := make([]*Asked, 256)
	for i := range asked {
		asked[i] = &Asked{Who: Who{uuid.New(), uuid.New()}, Beat: study.Beat{Seq: 1, Claim: study.Claim{Runs: []study.Run{{From: 0, To: 15_000}}}, Needs: []study.Segments{{}}, Report: make([]byte, 11)}}
	}
	h.beats = New(nil, study.Policy{}).beats
	b.ReportAllocs()
	for b.Loop() {
		callOf(h, h.beats, asked, 1)
	}
}
