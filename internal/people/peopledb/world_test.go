package peopledb_test

import (
	"crypto/sha256"
	"testing"

	"github.com/google/uuid"
)

// signs asks the tables as sign-in does; the store of accounts is another's.
type signs struct{ w *world }

func accountsOf(w *world) signs { return signs{w} }

func (s signs) byToken(t *testing.T, token string) (bool, [32]byte) {
	t.Helper()
	hash := sha256.Sum256([]byte(token))
	return s.w.count(`SELECT count(*) FROM sign_ins WHERE token_hash = $1 AND revoked_at IS NULL`, hash[:]) == 1, hash
}

func (s signs) byEmail(t *testing.T, email string) bool {
	t.Helper()
	return s.w.count(`SELECT count(*) FROM accounts a JOIN people p ON p.id = a.person_id AND p.merged_into IS NULL WHERE a.email = $1`, email) == 1
}

// made is a course and its published version.
type made struct{ id, version uuid.UUID }

func course(w *world) made {
	w.Helper()
	c, school := made{uuid.New(), uuid.New()}, uuid.New()
	w.exec(`INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', $2, ARRAY[$1::uuid], now())`, school, school.String())
	w.exec(`INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, c.id, school, w.officer)
	w.exec(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, hours, published_at, created_at, updated_at)
		VALUES ($1, $2, 1, 'published', 'professional', 'zh', '灌溉', 10, now(), now(), now())`, c.version, c.id)
	return c
}

func enrol(w *world, person uuid.UUID, c made) uuid.UUID {
	w.Helper()
	id := uuid.New()
	w.exec(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) VALUES ($1, $2, $3, $4, now())`, id, person, c.id, c.version)
	return id
}
