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
	DurationMS int64
	// UnitMS and NeedS are what completes the lesson: NeedS seconds of each
	// UnitMS of it, or of the whole when UnitMS is 0. Fixed when the session opened.
	UnitMS int64
	NeedS  int64
	// WindowMS is how long this person has for a check.
	WindowMS int64
	// VerifiedMS, PendingMS and ForfeitedMS are the person's in the lesson, over
	// all sessions: confirmed, credited since the last passed check, and lost to missed ones.
	VerifiedMS  int64
	PendingMS   int64
	ForfeitedMS int64
	UncheckedMS int64 // credited to the person since their last passed check, in any lesson
	DeliveredMS int64 // media delivered to this session
	ResumeMS    int64 // the playhead
	CoveredS    int64 // how many seconds Covered holds
	PendingS    int64 // how many Pending holds
	// CompletedSeq is the beat that completed the lesson; 0: none of this session.
	CompletedSeq int64
	// CreditFromMS and CreditMS are the stretch of the clock that the last beat was credited.
	CreditFromMS int64
	CreditMS     int64
	Part         Run // of the second the playhead stands in
	PrevChain    Chain
	Chain        Chain
	Report       []byte // of the last beat, as PackReport wrote it
	Outcome      Outcome
	Check        Check
	Covered      Bits // confirmed seconds of the lesson
	Pending      Bits // the others that were played since the last passed check
	Delivered    Bits // segments
}

// Meta is what of a session never changes.
type Meta struct {
	ID          uuid.UUID
	No          int64 // its number in the evidence; the database gives it
	PersonID    uuid.UUID
	EnrolmentID uuid.UUID
	LessonID    uuid.UUID
	AssetID     uuid.UUID
	Fence       int64
	OpenedMS    int64
	DurationMS  int64
	UnitMS      int64 // of a reading lesson; 0: a video
}

// Reading says that the lesson is read, not watched: its positions are reading time, page by page.
func (m Meta) Reading() bool { return m.UnitMS > 0 }

// Row is the evidence of one beat together with what it made of the lesson.
type Row struct {
	Meta         Meta
	Seq          int64
	AtMS         int64
	CreditFromMS int64
	CreditMS     int64
	Report       []byte
	Chain        Chain
	Presence     Outcome
	VerifiedMS   int64
	PendingMS    int64
	ForfeitedMS  int64
	UncheckedMS  int64
	CoveredS     int64
	PendingS     int64
	Covered      Bits
	Pending      Bits
	Check        Check
	Part         Run
	ResumeMS     int64
	// Completes: this beat completed the lesson.
	Completes bool
	// Again: it was accepted before, and is likely to be kept already.
	Again bool
}

// LastRow is the evidence of the session's last beat; false before the first.
func (s *State) LastRow(m Meta) (Row, bool) {
	return Row{
		Meta: m, Seq: s.Seq, AtMS: s.LastMS, CreditFromMS: s.CreditFromMS, CreditMS: s.CreditMS, Report: s.Report, Chain: s.Chain,
		Presence: s.Outcome, VerifiedMS: s.VerifiedMS, PendingMS: s.PendingMS, ForfeitedMS: s.ForfeitedMS, UncheckedMS: s.UncheckedMS,
		CoveredS: s.CoveredS, PendingS: s.PendingS, Covered: s.Covered, Pending: s.Pending, Check: s.Check, Part: s.Part, ResumeMS: s.ResumeMS,
		Completes: s.CompletedSeq == s.Seq,
	}, s.Seq > 0
}
