package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// peoplePlants are the plants of people, their accounts and organisations. What
// belongs to an organisation belongs to the employer.
func peoplePlants() map[string]func(*testing.T, *stage) string {
	return map[string]func(*testing.T, *stage) string{
		"branch":     func(t *testing.T, s *stage) string { return s.orgBelow(t, "employer", "city") },
		"twin":       func(t *testing.T, s *stage) string { return s.orgBelow(t, "employer", "city") },
		"applicant":  plantApplicant,
		"member":     plantMember,
		"membership": part("member", "membership"),
		"stranger":   plantStranger,
		"absent":     func(*testing.T, *stage) string { return uuid.NewString() }, // the id of nothing
		"invitation": func(t *testing.T, s *stage) string { return s.invitation(t, uuid.NewString()+"@walk.example") },
		"invited":    plantInvited,
		"identity":   plantIdentity,
		"merge":      plantMerge,
		"export": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO data_exports (id, person_id, state, requested_at) VALUES ($1, $2, 'fetched', now())`, s.self)
		},
		"consent": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO consents (id, person_id, purpose, version, given_at) VALUES ($1, $2, 'identity', 1, now())`, s.self)
		},
		"deletion": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO deletion_requests (id, person_id, requested_at, due_at) VALUES ($1, $2, now(), now() + interval '14 days')`, s.self)
		},
		"key": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO access_tokens (id, person_id, token_hash, name, scopes, created_at, expires_at) VALUES ($1, $2, sha256(uuid_send($1)), 'x', '{authoring}', now(), now() + interval '1 day')`, s.self)
		},
		"signin": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO sign_ins (id, person_id, token_hash, created_at, seen_at, expires_at) VALUES ($1, $2, sha256(uuid_send($1)), now(), now(), now() + interval '1 day')`, s.self)
		},
		"passkey": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO passkeys (id, person_id, credential_id, record, name, created_at) VALUES ($1, $2, uuid_send($1), '{}', 'x', now())`, s.self)
		},
		"totp": func(t *testing.T, s *stage) string {
			s.exec(t, `INSERT INTO totp_factors (person_id, sealed, created_at, confirmed_at) VALUES ($1, 'x', now(), now())`, s.self)
			return s.self.String()
		},
		"provider": func(t *testing.T, s *stage) string {
			s.exec(t, `INSERT INTO sign_in_providers (org_id, revision, updated_at) VALUES ($1, 1, now()) ON CONFLICT DO NOTHING`, s.places["employer"])
			return s.places["employer"].String()
		},
		"link": func(t *testing.T, s *stage) string {
			s.get(t, "provider")
			return s.row(t, `INSERT INTO sign_in_links (id, person_id, org_id, issuer, subject, created_at) VALUES ($1, $2, $3, 'https://idp.example', $1::uuid::text, now())`, s.self, s.places["employer"])
		},
		"notice": func(t *testing.T, s *stage) string {
			return s.row(t, `INSERT INTO notices (id, kind, person_id, addressee, shown, at) VALUES ($1, 'password-changed', $2, $2::uuid::text, true, now())`, s.self)
		},
		"unsubscribe": func(t *testing.T, s *stage) string {
			return proofOf(t, notify.UnsubscribePurpose(notify.CourseAssigned), s.self.String())
		},
		"staff":     plantStaff,
		"uninvited": plantUninvited,
		"place": func(t *testing.T, s *stage) string {
			return proofOf(t, roster.InvitationPurpose, s.get(t, "uninvited"))
		},
		"group":    plantGroup,
		"import":   func(t *testing.T, s *stage) string { return s.staffImport(t, "checked") },
		"incoming": func(t *testing.T, s *stage) string { return s.staffImport(t, "uploading") },
		"assignment": func(t *testing.T, s *stage) string {
			id := s.row(t, `INSERT INTO course_assignments (id, org_id, course_id, due_on, created_by, created_at) VALUES ($1, $2, $3, current_date + 9, $4, now())`, s.places["employer"], s.get(t, "course"), s.author)
			s.exec(t, `INSERT INTO course_assignment_targets (assignment_id, staff_id) VALUES ($1, $2)`, id, s.get(t, "staff"))
			return id
		},
	}
}

// row runs an insertion whose $1 is a new id, which it answers.
func (s *stage) row(t *testing.T, sql string, args ...any) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	s.exec(t, sql, append([]any{id}, args...)...)
	return id.String()
}

// proofOf is what a link in a mail of this server carries.
func proofOf(t *testing.T, purpose, id string) string {
	t.Helper()
	keys, err := linktoken.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return keys.Token(purpose, uuid.MustParse(id))
}

// orgBelow is a new organisation: nobody else stands in it, and it may be moved or closed.
func (s *stage) orgBelow(t *testing.T, kind, above string) string {
	return s.row(t, `INSERT INTO organisations (id, kind, name_zh, parent_id, lineage, created_at)
		SELECT $1::uuid, $2, $1::uuid::text, id, $1::uuid || lineage, now() FROM organisations WHERE id = $3`, kind, s.places[above])
}

func plantApplicant(t *testing.T, s *stage) string {
	id := s.orgBelow(t, "teaching_institution", "industry")
	s.exec(t, `INSERT INTO accreditations (org_id, number, state, at) VALUES ($1, 1, 'applied', now())`, id)
	return id
}

func plantMember(t *testing.T, s *stage) string {
	person := plantStranger(t, s)
	s.known["membership"] = s.row(t, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', now())`, person, s.places["employer"])
	return person
}

// plantStranger is somebody whom no organisation knows.
func plantStranger(t *testing.T, s *stage) string {
	return s.row(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '陌生人', now())`)
}

func (s *stage) invitation(t *testing.T, address string) string {
	return s.row(t, `INSERT INTO invitations (id, org_id, role, email, email_folded, locale, invited_by, created_at, sent_at, expires_at)
		VALUES ($1, $2, 'professional', $3, $3, 'en', $4, now(), now(), now() + interval '7 days')`, s.places["employer"], address, s.author)
}

// plantInvited is the proof of an invitation to self's own address.
func plantInvited(t *testing.T, s *stage) string {
	return proofOf(t, org.InvitationPurpose, s.invitation(t, s.self.String()+"@walk.example"))
}

// enterDocument is done by whose cookie it is, as a page does it.
func (s *stage) enterDocument(t *testing.T, number, cookie string) {
	t.Helper()
	a := s.call(t, "PUT", "/me/identity", fmt.Sprintf(`{"consent_version":1,"kind":"passport","name":"沈知远","number":%q}`, number), cookie)
	if a.status >= 300 {
		t.Fatalf("enter a document: %d %s", a.status, a.body)
	}
}

func passport() string { return "E" + strings.ToUpper(uuid.NewString()[:8]) }

func plantIdentity(t *testing.T, s *stage) string {
	s.enterDocument(t, passport(), s.cookie)
	return s.self.String()
}

// plantMerge is a request to put self and a colleague together.
func plantMerge(t *testing.T, s *stage) string {
	number := passport()
	_, colleague := s.enters(t, walker{"colleague", "professional", "employer"})
	s.enterDocument(t, number, colleague)
	s.enterDocument(t, number, s.cookie)
	var id uuid.UUID
	if err := s.db.Pool().QueryRow(t.Context(), `SELECT id FROM merge_requests WHERE joining_id = $1 AND state = 'open'`, s.self).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// plantStaff is self's place on the employer's list.
func plantStaff(t *testing.T, s *stage) (id string) {
	s.exec(t, `INSERT INTO staff (id, org_id, person_id, created_at, joined_at) VALUES (gen_random_uuid(), $1, $2, now(), now()) ON CONFLICT DO NOTHING`, s.places["employer"], s.self)
	if err := s.db.Pool().QueryRow(t.Context(), `SELECT id::text FROM staff WHERE org_id = $1 AND person_id = $2`, s.places["employer"], s.self).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// plantUninvited is a place on the employer's list that nobody has taken.
func plantUninvited(t *testing.T, s *stage) string {
	return s.row(t, `INSERT INTO staff (id, org_id, name, email, email_folded, created_at, invited_at) VALUES ($1, $2, 'x', $1::uuid::text || '@walk.example', $1::uuid::text || '@walk.example', now(), now())`, s.places["employer"])
}

// plantGroup is a group of the employer with self in it.
func plantGroup(t *testing.T, s *stage) string {
	id := s.row(t, `INSERT INTO staff_groups (id, org_id, name, created_at) VALUES ($1, $2, $1::uuid::text, now())`, s.places["employer"])
	s.exec(t, `INSERT INTO staff_group_members (group_id, staff_id, added_at) VALUES ($1, $2, now())`, id, s.get(t, "staff"))
	return id
}

func (s *stage) staffImport(t *testing.T, state string) string {
	id := s.row(t, `INSERT INTO staff_imports (id, org_id, created_by, filename, size_bytes, state, rows_total, created_at) VALUES ($1, $2, $3, 'x.csv', 4, $4, 1, now())`, s.places["employer"], s.author, state)
	s.exec(t, `INSERT INTO staff_import_rows (import_id, row, name, email, email_folded, employee_no, position, department, group_name, role, bad, warned)
		VALUES ($1, 2, 'x', $1::uuid::text || '@walk.example', $1::uuid::text || '@walk.example', '', '', '', '', 'professional', false, false)`, id)
	return id
}
