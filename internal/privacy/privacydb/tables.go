package privacydb

// table says of one table that refers to people what an export takes from it
// and what a deletion does to it. A test walks the schema: every column that
// refers to a person, and every table that hangs on one that is exported, must
// stand here, with a reason where it is left out.
//
// A new table needs one line: By, Holding, and Erase or Keep.
type table struct {
	Name    string
	By      []string // its columns that refer to people; the first is whose row it is
	Holding string   // privacy.Holdings, by key
	// Where chooses the rows of the people @people; "": those of By[0].
	Where string
	// Omit are columns that no export tells: secrets, and what is others'.
	Omit []string
	// Private is why an export leaves the table out; "": it is exported.
	Private string
	// Erase is done when the people @people are deleted, at @now.
	Erase string
	// Keep is why a deletion leaves the rows as they are; set when Erase is not.
	Keep string
}

const (
	provesHours = "学时与证据依法留存 / what hours rest on must be kept by law"
	audited     = "留痕只能追加 / the trail is only ever added to"
	figures     = "单位历来的统计要与当时一致 / figures of an organisation's past stay as they were"
	office      = "属于单位的履职记录 / a record of an office, not of the person"
)

// tables in the order in which a deletion goes through them.
var tables = []table{
	{Name: "notes", By: []string{"person_id"}, Holding: "notes", Erase: `DELETE FROM notes WHERE person_id = ANY (@people)`},
	{Name: "sign_ins", By: []string{"person_id"}, Holding: "sign-ins", Omit: []string{"token_hash", "study_name"}, Erase: `DELETE FROM sign_ins WHERE person_id = ANY (@people)`},
	{Name: "idempotency_keys", By: []string{"person_id"}, Holding: "sign-ins", Private: "answers given already, kept for a day so that a request acts once", Erase: `DELETE FROM idempotency_keys WHERE person_id = ANY (@people)`},
	{Name: "pending_sign_ins", By: []string{"person_id"}, Holding: "sign-ins", Private: "a sign-in half done, kept for minutes", Erase: `DELETE FROM pending_sign_ins WHERE person_id = ANY (@people)`},
	{Name: "sign_in_flows", By: []string{"person_id"}, Holding: "sign-ins", Private: "a sign-in under way at an organisation's provider, kept for minutes", Erase: `DELETE FROM sign_in_flows WHERE person_id = ANY (@people)`},
	{Name: "passkey_ceremonies", By: []string{"person_id"}, Holding: "sign-ins", Private: "a challenge not yet answered, kept for minutes", Erase: `DELETE FROM passkey_ceremonies WHERE person_id = ANY (@people)`},
	{Name: "totp_factors", By: []string{"person_id"}, Holding: "account", Omit: []string{"sealed", "last_step", "refused"}, Erase: `DELETE FROM totp_factors WHERE person_id = ANY (@people)`},
	{Name: "passkeys", By: []string{"person_id"}, Holding: "account", Omit: []string{"credential_id", "record"}, Erase: `DELETE FROM passkeys WHERE person_id = ANY (@people)`},
	{Name: "recovery_codes", By: []string{"person_id"}, Holding: "account", Omit: []string{"hash", "salt"}, Erase: `DELETE FROM recovery_codes WHERE person_id = ANY (@people)`},
	{Name: "access_tokens", By: []string{"person_id"}, Holding: "account", Omit: []string{"token_hash"}, Erase: `DELETE FROM access_tokens WHERE person_id = ANY (@people)`},
	{Name: "sign_in_links", By: []string{"person_id"}, Holding: "account", Erase: `DELETE FROM sign_in_links WHERE person_id = ANY (@people)`},
	{Name: "account_proofs", By: []string{"person_id"}, Holding: "account", Erase: `DELETE FROM account_proofs WHERE person_id = ANY (@people)`},
	// Before notices and accounts: mail to an address alone is found by them. The farewell is still to go.
	{Name: "mails", By: []string{"person_id"}, Holding: "notices", Erase: `DELETE FROM mails WHERE person_id = ANY (@people) OR id IN (
			SELECT id FROM notices WHERE person_id IS NULL AND kind <> 'account-deleted' AND addressee IN (SELECT email_folded FROM accounts WHERE person_id = ANY (@people)))`},
	{Name: "notices", By: []string{"person_id"}, Holding: "notices", Omit: []string{"link_purpose", "link_id"}, Erase: `DELETE FROM notices WHERE person_id = ANY (@people)
			OR person_id IS NULL AND kind <> 'account-deleted' AND addressee IN (SELECT email_folded FROM accounts WHERE person_id = ANY (@people))`},
	{Name: "notice_preferences", By: []string{"person_id"}, Holding: "notices", Erase: `DELETE FROM notice_preferences WHERE person_id = ANY (@people)`},
	{Name: "notice_zones", By: []string{"person_id"}, Holding: "notices", Erase: `DELETE FROM notice_zones WHERE person_id = ANY (@people)`},
	{Name: "mail_bounces", Where: `address IN (SELECT email_folded FROM accounts WHERE person_id = ANY (@people))`, Holding: "notices",
		Erase: `DELETE FROM mail_bounces WHERE address IN (SELECT email_folded FROM accounts WHERE person_id = ANY (@people))`},
	// The place on the list stays, or figures of assignments would change; who it was goes. What an
	// organisation wrote of an address that never joined is its own: were it to go, the organisation
	// would learn that the address had an account.
	{Name: "staff", By: []string{"person_id"}, Holding: "roles",
		Erase: `UPDATE staff SET name = '', email = NULL, email_folded = NULL, employee_no = '', position = '', department = '', hired_on = NULL WHERE person_id = ANY (@people)`},
	{Name: "staff_group_members", Where: `staff_id IN (SELECT id FROM staff WHERE person_id = ANY (@people))`, Holding: "roles", Keep: figures},
	{Name: "course_assignment_targets", Where: `staff_id IN (SELECT id FROM staff WHERE person_id = ANY (@people))`, Holding: "learning", Keep: figures},
	{Name: "course_assignment_tellings", By: []string{"person_id"}, Holding: "learning", Keep: "只记何时告知，使同一件事不再告知一次 / says when it was told, so that it is not told again"},
	// Before accounts: whoever was asked by mail is found by the address.
	{Name: "invitations", By: []string{"accepted_by", "invited_by"}, Holding: "roles", Omit: []string{"invited_by"},
		Erase: `UPDATE invitations SET email = 'erased@invalid', email_folded = id::text
			WHERE accepted_by = ANY (@people) OR email_folded IN (SELECT email_folded FROM accounts WHERE person_id = ANY (@people))`},
	{Name: "accounts", By: []string{"person_id"}, Holding: "account", Omit: []string{"password_hash"}, Erase: `DELETE FROM accounts WHERE person_id = ANY (@people)`},
	{Name: "identity_documents", By: []string{"person_id"}, Holding: "identity", Omit: []string{"sealed", "number_hash"}, Erase: `DELETE FROM identity_documents WHERE person_id = ANY (@people)`},
	{Name: "merge_requests", By: []string{"joining_id", "keeper_id", "decided_by"}, Holding: "identity", Omit: []string{"sealed", "keeper_id", "decided_by"},
		Erase: `UPDATE merge_requests SET note = '', sealed = NULL, state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END, decided_at = coalesce(decided_at, @now)
			WHERE joining_id = ANY (@people) OR keeper_id = ANY (@people) AND state = 'open'`},
	{Name: "memberships", By: []string{"person_id"}, Holding: "roles", Erase: `UPDATE memberships SET until = greatest(@now::timestamptz, since + interval '1 microsecond') WHERE person_id = ANY (@people) AND until IS NULL`},
	{Name: "integrity_digests", By: []string{"person_id"}, Holding: "evidence", Omit: []string{"device_key"}, Erase: `DELETE FROM integrity_digests WHERE person_id = ANY (@people)`},
	// What is still open would be told to whom it asks about.
	{Name: "integrity_flags", By: []string{"person_id", "decided_by"}, Holding: "supervision", Where: `person_id = ANY (@people) AND state <> 'open'`, Omit: []string{"decided_by", "figures"}, Keep: provesHours},
	{Name: "enrolments", By: []string{"person_id"}, Holding: "learning", Keep: provesHours},
	{Name: "lesson_completions", Where: `enrolment_id IN (SELECT id FROM enrolments WHERE person_id = ANY (@people))`, Holding: "learning", Keep: provesHours},
	{Name: "quiz_attempts", By: []string{"person_id"}, Holding: "learning", Keep: provesHours},
	{Name: "quiz_answers", Where: `attempt_id IN (SELECT id FROM quiz_attempts WHERE person_id = ANY (@people))`, Holding: "learning", Keep: provesHours},
	{Name: "study_lessons", Where: `enrolment_id IN (SELECT id FROM enrolments WHERE person_id = ANY (@people))`, Holding: "evidence", Omit: []string{"covered", "pending", "check_id"}, Keep: provesHours},
	{Name: "study_people", By: []string{"person_id"}, Holding: "evidence", Keep: provesHours},
	{Name: "study_sessions", By: []string{"person_id"}, Holding: "evidence", Omit: []string{"sign_in", "device_key", "chain", "delivered"}, Keep: provesHours},
	{Name: "study_evidence", Where: `no IN (SELECT no FROM study_sessions WHERE person_id = ANY (@people))`, Holding: "evidence", Omit: []string{"head", "digest", "body"}, Keep: provesHours},
	{Name: "study_beats", Where: `session_id IN (SELECT id FROM study_sessions WHERE person_id = ANY (@people))`, Holding: "evidence", Omit: []string{"chain", "report"}, Keep: provesHours},
	{Name: "ledger_entries", By: []string{"person_id", "author_id"}, Holding: "hours", Omit: []string{"record", "author_id"}, Keep: provesHours},
	{Name: "year_tallies", By: []string{"person_id"}, Holding: "hours", Private: "sums of the register's entries, which are exported one by one", Keep: provesHours},
	{Name: "certificates", By: []string{"person_id"}, Holding: "hours", Keep: provesHours},
	{Name: "audit_events", By: []string{"subject_id", "actor_id"}, Holding: "supervision", Omit: []string{"actor_id", "address", "user_agent", "request_id"}, Keep: audited},
	{Name: "consents", By: []string{"person_id"}, Holding: "privacy", Erase: `UPDATE consents SET withdrawn_at = @now WHERE person_id = ANY (@people) AND withdrawn_at IS NULL`},
	{Name: "data_exports", By: []string{"person_id"}, Holding: "privacy", Erase: `UPDATE data_exports SET state = 'expired', expires_at = @now WHERE person_id = ANY (@people) AND state <> 'fetched'`},
	{Name: "deletion_requests", By: []string{"person_id"}, Holding: "privacy", Keep: "证明注销已完成 / proves that the deletion was done"},
	{Name: "accreditations", By: []string{"by_person"}, Holding: "work", Private: office, Keep: office},
	{Name: "course_assignments", By: []string{"created_by"}, Holding: "work", Private: office, Keep: office},
	{Name: "staff_imports", By: []string{"created_by", "applied_by"}, Holding: "work", Private: office, Keep: office},
	{Name: "media_assets", By: []string{"created_by"}, Holding: "work", Private: office, Keep: office},
	{Name: "courses", By: []string{"created_by"}, Holding: "work", Private: office, Keep: office},
	{Name: "course_versions", By: []string{"submitted_by", "decided_by"}, Holding: "work", Private: office, Keep: office},
	{Name: "course_reviews", By: []string{"by_person"}, Holding: "work", Private: office, Keep: office},
	// Last: the name goes, and with it the way back.
	{Name: "people", By: []string{"merged_into"}, Where: `id = ANY (@people)`, Holding: "account", Erase: `UPDATE people SET name = '已注销用户', erased_at = @now WHERE id = ANY (@people)`},
}
