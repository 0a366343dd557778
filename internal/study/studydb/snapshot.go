package studydb

import (
	"context"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// execer is a transaction or the pool.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// One that comes late must not replace one of a later beat: what a lesson was
// ever credited, pending and forfeited together, and a session's beats only grow.
const upsertLessons = `
	INSERT INTO study_lessons AS l (enrolment_id, lesson_id, as_of_session, as_of_seq, verified_ms, pending_ms, forfeited_ms, unchecked_ms, covered_s, pending_s,
		covered, pending, part_from, part_to, resume_ms, check_id, check_by_ms, check_seq, check_wrong, check_extended)
	SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::int[], $10::int[],
		$11::bytea[], $12::bytea[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bytea[], $17::bigint[], $18::int[], $19::boolean[], $20::boolean[])
	ON CONFLICT (enrolment_id, lesson_id) DO UPDATE SET as_of_session = excluded.as_of_session, as_of_seq = excluded.as_of_seq,
		verified_ms = excluded.verified_ms, pending_ms = excluded.pending_ms, forfeited_ms = excluded.forfeited_ms, unchecked_ms = excluded.unchecked_ms,
		covered_s = excluded.covered_s, pending_s = excluded.pending_s, covered = excluded.covered, pending = excluded.pending,
		part_from = excluded.part_from, part_to = excluded.part_to, resume_ms = excluded.resume_ms, check_id = excluded.check_id, check_by_ms = excluded.check_by_ms,
		check_seq = excluded.check_seq, check_wrong = excluded.check_wrong, check_extended = excluded.check_extended
	WHERE l.verified_ms + l.pending_ms + l.forfeited_ms <= excluded.verified_ms + excluded.pending_ms + excluded.forfeited_ms
		AND (l.as_of_session <> excluded.as_of_session OR l.as_of_seq < excluded.as_of_seq)`

// snapshot writes what the lessons come to as of these rows; no two may be of one lesson.
func snapshot(ctx context.Context, q execer, rows []study.Row) error {
	n := len(rows)
	enrolment, lesson, session, seq := make(ids, n), make(ids, n), make(ids, n), make([]int32, n)
	verified, pendingMS, forfeited, unchecked := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	coveredS, pendingS, covered, pending := make([]int64, n), make([]int64, n), make([][]byte, n), make([][]byte, n)
	partFrom, partTo, resume := make([]int64, n), make([]int64, n), make([]int64, n)
	check, checkBy, checkSeq, wrong, extended := make([][]byte, n), make([]int64, n), make([]int64, n), make([]bool, n), make([]bool, n)
	for i := range rows {
		r := &rows[i]
		enrolment[i], lesson[i], session[i], seq[i] = idOf(r.Meta.EnrolmentID), idOf(r.Meta.LessonID), idOf(r.Meta.ID), int32(r.Seq)
		verified[i], pendingMS[i], forfeited[i], unchecked[i] = r.VerifiedMS, r.PendingMS, r.ForfeitedMS, r.UncheckedMS
		coveredS[i], pendingS[i], covered[i], pending[i] = r.CoveredS, r.PendingS, append([]byte{}, r.Covered...), append([]byte{}, r.Pending...)
		partFrom[i], partTo[i], resume[i] = r.Part.From, r.Part.To, r.ResumeMS
		check[i], checkBy[i], checkSeq[i], wrong[i], extended[i] = []byte{}, r.Check.ByMS, r.Check.Seq, r.Check.Wrong, r.Check.Extended
		if r.Check.Open() {
			check[i] = r.Check.ID[:]
		}
	}
	_, err := q.Exec(ctx, upsertLessons, enrolment, lesson, session, seq, verified, pendingMS, forfeited, unchecked, coveredS, pendingS,
		covered, pending, partFrom, partTo, resume, check, checkBy, checkSeq, wrong, extended)
	return pg.Translate(err)
}
