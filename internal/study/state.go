package study

import "github.com/google/uuid"

// ChainSize is the length of a link of a session's chain in bytes.
const ChainSize = 12

// Chain is one link: a digest over the link before and the beat it follows.
type Chain [ChainSize]byte

// Person is what is known of a person over all their sessions.
type Person struct {
	// Fence is the number of the one session that holds the lease.
	Fence int64
	// UntilMS: the clock up to here is used up; no later credit may lie before it.
	UntilMS int64
}

// State is a session as it is judged.
type State struct {
	Closed    bool
	Completed bool // the lesson, in this session or before
	Fence     int64
	Seq       int64 // of the last accepted beat; 0: none yet
	OpenedMS  int64
	LastMS    int64 // when the last beat was accepted; OpenedMS before the first
	// DurationMS is the lesson's length, fixed when the session opened.
	DurationMS  int64
	VerifiedMS  int64 // of the person in the lesson, over all sessions
	DeliveredMS int64 // media delivered to this session
	ResumeMS    int64 // the playhead
	CoveredS    int64 // how many seconds Covered holds
	// CompletedSeq is the beat that completed the lesson; 0: none of this session.
	CompletedSeq int64
	// CreditFromMS and CreditMS are the stretch of the clock that the last beat was credited.
	CreditFromMS int64
	CreditMS     int64
	Part         Run // of the second the playhead stands in
	PrevChain    Chain
	Chain        Chain
	Report       []byte // of the last beat, as PackReport wrote it
	Covered      Bits   // seconds of the lesson
	Delivered    Bits   // segments
}

// Meta is what of a session never changes.
type Meta struct {
	ID          uuid.UUID
	PersonID    uuid.UUID
	EnrolmentID uuid.UUID
	LessonID    uuid.UUID
	AssetID     uuid.UUID
	Fence       int64
	OpenedMS    int64
	DurationMS  int64
}

// Row is the evidence of one beat together with what it made of the lesson.
type Row struct {
	Meta         Meta
	Seq          int64
	AtMS         int64
	CreditFromMS int64
	CreditMS     int64
	Report       []byte
	Chain        Chain
	VerifiedMS   int64
	CoveredS     int64
	Covered      Bits
	Part         Run
	ResumeMS     int64
	// Completes: this beat completed the lesson.
	Completes bool
}

// LastRow is the evidence of the session's last beat; false before the first.
func (s *State) LastRow(m Meta) (Row, bool) {
	return Row{
		Meta: m, Seq: s.Seq, AtMS: s.LastMS, CreditFromMS: s.CreditFromMS, CreditMS: s.CreditMS, Report: s.Report, Chain: s.Chain,
		VerifiedMS: s.VerifiedMS, CoveredS: s.CoveredS, Covered: s.Covered, Part: s.Part, ResumeMS: s.ResumeMS,
		Completes: s.CompletedSeq == s.Seq,
	}, s.Seq > 0
}
