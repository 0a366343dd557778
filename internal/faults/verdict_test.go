package faults

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// scene is one person who completed the lesson on two devices: a true record
// and its evidence, for the tests to doctor.
type scene struct {
	*verdict
	t      *testing.T
	person uuid.UUID
	enrol  uuid.UUID
	first  uuid.UUID // session of two beats
	second uuid.UUID // session of one
	broken map[string]int
}

const openedMS = 1_900_000_000_000

func newScene(t *testing.T) *scene {
	t.Helper()
	keys, err := study.NewKeys(study.Key{ID: "k", Secret: bytes.Repeat([]byte{1}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{t: t, person: uuid.New(), enrol: uuid.New(), first: uuid.New(), second: uuid.New(), broken: map[string]int{}}
	s.verdict = &verdict{keys: keys, breach: func(promise, _ string, _ ...any) { s.broken[promise]++ }}
	s.record = record{claims: map[beatID]claim{}, completed: map[uuid.UUID]bool{s.enrol: true}}
	s.evidence = evidence{sessions: map[uuid.UUID]session{}, totals: map[uuid.UUID]total{}, completions: map[uuid.UUID]int{s.enrol: 1}, registered: map[uuid.UUID]int{s.enrol: 1}}
	s.open(s.first, 1, openedMS)
	s.beat(s.first, 1, 0, 3000, 3, [][2]int{{0, 3}})
	s.beat(s.first, 2, 3000, 6500, 6, [][2]int{{0, 6}})
	s.open(s.second, 2, openedMS+7000)
	s.beat(s.second, 1, 6500, lessonMS, 8, [][2]int{{0, lessonS}})
	s.totals[s.enrol] = total{s.enrol, lessonMS - 2000, 2000, 0, []byte{0x7f, 0x00}, []byte{0x80, 0x01}}
	return s
}

func (s *scene) open(id uuid.UUID, fence, at int64) {
	s.sessions[id] = session{id, s.person, s.enrol, fence, at, []byte(fmt.Sprintf("chain %6d", fence)), []byte{0b11}}
}

// beat is claimed at once, acknowledged, and kept, at the pace of the clock.
func (s *scene) beat(id uuid.UUID, seq, from, to int64, verifiedS int, covered [][2]int) {
	c := claim{beatID: beatID{id, seq}, person: s.person, enrolment: s.enrol, span: client.Span{FromMS: from, ToMS: to, Rate: 1}}
	before, start := s.sessions[id].Chain, s.sessions[id].OpenedMS
	if seq > 1 {
		last := s.rows[len(s.rows)-1]
		before, start = last.Chain, last.CreditFrom+last.Credit
	}
	r := row{id, seq, start + to - from, start, to - from, reportOf(c), nil}
	r.Chain = linkOf(before, r)
	s.claims[c.beatID] = c
	s.rows = append(s.rows, r)
	a := client.Answer{Seq: seq, VerifiedS: verifiedS, Covered: covered, Token: s.keys.Token(id, seq+1, study.Chain(r.Chain), 0)}
	s.told = append(s.told, told{c, a, time.UnixMilli(r.AtMS)})
}

func linkOf(before []byte, r row) []byte {
	b := slices.Concat(before, r.Session[:], binary.BigEndian.AppendUint64(nil, uint64(r.Seq)), binary.BigEndian.AppendUint64(nil, uint64(r.AtMS)), r.Report)
	sum := sha256.Sum256(b)
	return sum[:12]
}

func TestTheRecorderFindsEveryBreach(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name            string
		doctor          func(*scene)
		promise         string // "": none is broken
		lostMS, twiceMS int64
	}{
		{"a true record breaks nothing", func(*scene) {}, "", 0, 0},
		{"an acknowledged beat is gone", func(s *scene) { s.rows = s.rows[:2] }, durable, 2000, 0},
		{"an acknowledged beat is gone from before another", func(s *scene) { s.rows = s.rows[1:] }, unaltered, 3000, 0},
		{"part of an acknowledged beat is gone", func(s *scene) { s.rows[0].Credit -= 500 }, durable, 500, 0},
		{"another beat stands in its place", func(s *scene) { s.rows[0].Chain = make([]byte, 12) }, durable, 0, 0},
		{"the time it was judged at is another", func(s *scene) { s.rows[0].AtMS++ }, unaltered, 0, 0},
		{"it was judged after it was answered", func(s *scene) { s.told[1].at = s.told[1].at.Add(-time.Second) }, theClock, 0, 0},
		{"a beat is credited that nobody sent", func(s *scene) { delete(s.claims, beatID{s.first, 2}) }, once, 0, 0},
		{"a beat is credited for more than was claimed", func(s *scene) { s.rows[2].Report = []byte{4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 100} }, once, 0, 0},
		{"a beat is credited twice", func(s *scene) {
			again := s.rows[1]
			again.Seq = 3
			s.rows = slices.Insert(s.rows, 2, again)
		}, once, 0, 3500},
		{"two sessions are credited for the same moments", func(s *scene) {
			x := s.sessions[s.second]
			x.OpenedMS -= 2000
			s.sessions[s.second] = x
			s.rows[2].CreditFrom -= 2000
		}, theClock, 0, 1500},
		{"time is credited before it passed", func(s *scene) { s.rows[2].CreditFrom += 10 }, theClock, 0, 0},
		{"time is credited from before the session", func(s *scene) { s.rows[0].CreditFrom -= 10 }, theClock, 0, 0},
		{"what is credited was not sent", func(s *scene) {
			x := s.sessions[s.second]
			x.Delivered = []byte{1}
			s.sessions[s.second] = x
		}, delivered, 0, 0},
		{"somebody was told more than the evidence gives", func(s *scene) { s.told[2].VerifiedS++ }, honest, 0, 0},
		{"somebody was told of pending time that is not there", func(s *scene) { s.told[0].PendingS++ }, honest, 0, 0},
		{"a check was passed, and something was told to wait", func(s *scene) {
			s.told[1].reply, s.told[1].VerifiedS, s.told[1].PendingS = uuid.NewString(), 5, 1
		}, honest, 0, 0},
		{"somebody was told two seconds less", func(s *scene) { s.told[2].VerifiedS -= 2 }, honest, 0, 0},
		{"somebody was told of less that is covered", func(s *scene) { s.told[2].Covered = [][2]int{{0, 7}} }, honest, 0, 0},
		{"the lesson is kept with less", func(s *scene) { s.totals[s.enrol] = total{s.enrol, lessonMS - 1, 0, 0, []byte{0xff, 1}, nil} }, honest, 0, 0},
		{"the lesson is kept with a second that was not covered", func(s *scene) { s.totals[s.enrol] = total{s.enrol, lessonMS, 0, 0, []byte{0x7f, 1}, nil} }, honest, 0, 0},
		{"what was pending is forfeited", func(s *scene) { s.totals[s.enrol] = total{s.enrol, lessonMS - 2000, 2000, 1, []byte{0xff, 1}, nil} }, honest, 0, 0},
		{"a reply to a check is kept that nobody gave", func(s *scene) { s.rows[1].Report = append(s.rows[1].Report, make([]byte, 18)...) }, once, 0, 0},
		{"a completion is gone", func(s *scene) { clear(s.completions) }, hours, 0, 0},
		{"hours are not in the register", func(s *scene) { clear(s.registered) }, hours, 0, 0},
		{"hours are in the register twice", func(s *scene) { s.registered[s.enrol] = 2 }, hours, 0, 0},
		{"hours are in the register for nothing", func(s *scene) { s.registered[uuid.New()] = 1 }, hours, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newScene(t)
			tc.doctor(s)
			s.judge()
			if tc.promise == "" && len(s.broken) > 0 || tc.promise != "" && s.broken[tc.promise] == 0 {
				t.Errorf("broken are %v, not %q", s.broken, tc.promise)
			}
			if s.lostMS != tc.lostMS || s.twiceMS != tc.twiceMS {
				t.Errorf("%d ms are lost and %d counted twice; want %d and %d", s.lostMS, s.twiceMS, tc.lostMS, tc.twiceMS)
			}
		})
	}
}

func TestEveryKindOfFaultComesAndASeedDealsTheSameAgain(t *testing.T) {
	t.Parallel()
	a, b := newPlanner(5), newPlanner(5)
	seen, pairs := map[string]int{}, 0
	for range 50 {
		x, y := a.next(), b.next()
		if x.String() != y.String() || x.after != y.after || x.faults[0].luck != y.faults[0].luck {
			t.Fatalf("one seed dealt %v and %v", x, y)
		}
		for _, f := range x.faults {
			seen[f.name]++
		}
		if len(x.faults) > 1 {
			pairs++
			if x.faults[0].part == x.faults[1].part {
				t.Errorf("%v strikes one part twice", x)
			}
		}
	}
	if len(seen) != len(kinds) || pairs == 0 {
		t.Errorf("of 50 faults %d were pairs, the kinds were %v", pairs, seen)
	}
}
