package peopledb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/people"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Decide puts the two records together, or refuses to. What was entered is no
// longer kept afterwards.
func (s *Store) Decide(ctx context.Context, scope identity.Scope, d people.Decision) error {
	d, err := d.Checked()
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT FROM merge_requests WHERE id = $1 FOR UPDATE`, d.Merge); err != nil {
			return pg.Translate(err)
		}
		r, err := s.review(ctx, tx.Pgx(), scope, d.Merge)
		if err != nil {
			return err
		}
		if err := r.Decidable(d.By); err != nil {
			return err
		}
		return s.carryOut(ctx, tx, r, d)
	})
	if err != nil {
		return fmt.Errorf("decide merge request %s: %w", d.Merge, err)
	}
	return nil
}

func (s *Store) carryOut(ctx context.Context, tx *pg.Tx, r people.Review, d people.Decision) error {
	now, state, action, kind := s.now(), people.MergeRefused, "merge-request.refuse", notify.MergeRefused
	if d.Accept {
		state, action, kind = people.MergeDone, "merge-request.accept", notify.RecordsMerged
		if err := s.merge(ctx, tx, r.Keeper.PersonID, r.Joining.PersonID, now); err != nil {
			return err
		}
	}
	if err := s.notices(ctx, tx, r, d, kind); err != nil {
		return err
	}
	_, err := tx.Pgx().Exec(ctx, `UPDATE merge_requests SET state = $2, decided_at = $3, decided_by = $4, reason = $5, sealed = NULL WHERE id = $1`, d.Merge, state, now, d.By, d.Reason)
	if err != nil {
		return pg.Translate(err)
	}
	e := audit.Event{Actor: d.By, Action: action, ObjectKind: mergeKind, Object: d.Merge, Subject: r.Joining.PersonID, After: map[string]any{"reason": d.Reason}}
	if r.Org != nil {
		e.Org = r.Org.ID
	}
	if err := s.o.Trail(ctx, tx, now, e); err != nil || !d.Accept {
		return err
	}
	e.Subject, e.After = r.Keeper.PersonID, map[string]any{"reason": d.Reason, "joined": r.Joining.PersonID}
	return s.o.Trail(ctx, tx, now, e)
}

// notices tells whoever asked, by the address they used until now, and the
// one whose record it went into. Of a refusal the other learns nothing.
func (s *Store) notices(ctx context.Context, tx *pg.Tx, r people.Review, d people.Decision, kind notify.Kind) error {
	if !d.Accept {
		return s.o.Notifier.Send(ctx, tx, notify.Notice{Kind: kind, Person: r.Joining.PersonID, Path: "/settings/identity", Facts: map[string]string{"reason": d.Reason}, Once: d.Merge.String()})
	}
	out := []notify.Notice{{Kind: kind, Person: r.Keeper.PersonID, Path: "/hours", Once: d.Merge.String()}}
	var address, locale string
	err := tx.Pgx().QueryRow(ctx, `SELECT coalesce(a.email, ''), p.locale FROM people p LEFT JOIN accounts a ON a.person_id = p.id WHERE p.id = $1`, r.Joining.PersonID).Scan(&address, &locale)
	if err != nil {
		return pg.Translate(err)
	}
	if address != "" {
		out = append(out, notify.Notice{Kind: notify.AccountJoined, Address: address, Locale: locale, Path: "/sign-in", Once: d.Merge.String()})
	}
	return s.o.Notifier.Send(ctx, tx, out...)
}

// merge makes joining a record of keeper's person. The register, certificates
// and evidence stay as they are; what is still under way goes on with keeper.
// Roles other than that of a learner end: who gave them must give them anew.
func (s *Store) merge(ctx context.Context, tx *pg.Tx, keeper, joining uuid.UUID, now time.Time) error {
	// No organisation closes meanwhile, or the keeper would get a role in one that is no more.
	_, err := tx.Pgx().Exec(ctx, `SELECT FROM organisations WHERE id IN (SELECT org_id FROM memberships WHERE person_id = $1 AND until IS NULL) ORDER BY id FOR SHARE`, joining)
	if err != nil {
		return pg.Translate(err)
	}
	var standing int
	// By id, so that two decisions cannot wait for each other.
	err = tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM people WHERE id IN ($1, $2) AND merged_into IS NULL AND erased_at IS NULL ORDER BY id FOR UPDATE) both_of_them`, keeper, joining).Scan(&standing)
	if err != nil {
		return pg.Translate(err)
	}
	if standing != 2 {
		return fault.Coded(fault.Conflict, "record-gone", "One of the two records no longer stands by itself; please refuse the request.")
	}
	steps := pgx.NamedArgs{"keeper": keeper, "joining": joining, "now": now}
	for _, sql := range mergeSteps {
		if _, err := tx.Pgx().Exec(ctx, sql, steps); err != nil {
			return pg.Translate(err)
		}
	}
	return s.o.Unite(ctx, tx, joining, keeper)
}

var mergeSteps = []string{
	// Records that joined the joining one before follow it. First, so that the pointer stays one step long.
	`UPDATE people SET merged_into = @keeper WHERE merged_into = @joining`,
	`UPDATE people SET merged_into = @keeper WHERE id = @joining`,
	`UPDATE sign_ins SET revoked_at = @now WHERE person_id = @joining AND revoked_at IS NULL`,
	// Courses go on with the record that stays, with their tries and notes, unless it has them too.
	`WITH moved AS (
		UPDATE enrolments e SET person_id = @keeper
		WHERE person_id = @joining AND NOT EXISTS (SELECT FROM enrolments k WHERE k.course_id = e.course_id AND k.person_id = @keeper)
		RETURNING id, version_id),
	tries AS (UPDATE quiz_attempts SET person_id = @keeper WHERE enrolment_id IN (SELECT id FROM moved))
	UPDATE notes SET person_id = @keeper
	WHERE person_id = @joining AND lesson_id IN (SELECT l.id FROM lessons l JOIN moved m ON m.version_id = l.version_id)`,
	// The id is new for the new holder; the old row ends and says since when it was held.
	`INSERT INTO memberships (id, person_id, org_id, role, since)
	SELECT gen_random_uuid(), @keeper, org_id, role, since FROM memberships WHERE person_id = @joining AND until IS NULL AND role = 'professional'
	ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO NOTHING`,
	`UPDATE memberships SET until = greatest(@now::timestamptz, since + interval '1 microsecond') WHERE person_id = @joining AND until IS NULL`,
}
