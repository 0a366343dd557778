package orgdb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Accredit adds a step to an institution's accreditation: an application of its
// own or a decision of a department. Of two who decide at once the second is
// judged by what the first made of it.
func (s *Store) Accredit(ctx context.Context, by, id uuid.UUID, may Allowed, step org.Step) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		o, err := locked(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := may(o.Lineage); err != nil {
			return err
		}
		if !o.Kind.Accreditable() {
			return fault.Coded(fault.Conflict, "not-accreditable", "Only teaching institutions are accredited.")
		}
		if o.ClosedAt != nil {
			return errClosed
		}
		return s.step(ctx, tx, by, o, step)
	})
	if err != nil {
		return fmt.Errorf("accredit %s: %w", id, err)
	}
	return nil
}

func (s *Store) step(ctx context.Context, tx *pg.Tx, by uuid.UUID, o org.Organisation, step org.Step) error {
	before, err := steps(ctx, tx.Pgx(), o.ID)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return fmt.Errorf("time zone %s: %w", o.TimeZone, err)
	}
	now := s.now()
	standing := org.StandingOf(before, now, zone)
	var author *uuid.UUID
	if by != uuid.Nil {
		author, step.By = &by, &org.Person{ID: by}
	}
	if step, err = standing.Next(step, now, zone); err != nil {
		return err
	}
	_, err = tx.Pgx().Exec(ctx, `INSERT INTO accreditations (org_id, number, state, valid_until, reason, by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, len(before)+1, step.State, step.Until, step.Reason, author, now.UTC())
	if err != nil {
		return pg.Translate(err)
	}
	err = s.note(ctx, tx, audit.Event{
		Actor: by, Action: "accreditation." + verbs[step.State], ObjectKind: "organisation", Object: o.ID, Org: o.ID,
		Before: map[string]any{"state": standing.State, "until": standing.Until}, After: map[string]any{"state": step.State, "until": step.Until, "reason": step.Reason},
	})
	if err != nil || step.State == org.Applied {
		return err
	}
	return s.tellDecision(ctx, tx, by, o, step, len(before)+1)
}

// tellDecision tells those who look after an institution what was decided of it.
func (s *Store) tellDecision(ctx context.Context, tx *pg.Tx, by uuid.UUID, o org.Organisation, step org.Step, number int) error {
	rows, err := tx.Pgx().Query(ctx, `SELECT person_id FROM memberships WHERE org_id = $1 AND role = $2 AND until IS NULL AND person_id <> $3`, o.ID, org.InstitutionManager, by)
	if err != nil {
		return pg.Translate(err)
	}
	managers, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return pg.Translate(err)
	}
	facts := map[string]string{"organisation": o.NameZh, "organisation_en": o.NameEn, "state": string(step.State), "reason": step.Reason}
	if step.Until != nil {
		facts["until"] = step.Until.Format(time.DateOnly)
	}
	told := make([]notify.Notice, len(managers))
	for i, m := range managers {
		told[i] = notify.Notice{Kind: notify.AccreditationChanged, Person: m, Path: "/organisations/" + o.ID.String(), Facts: facts, Once: fmt.Sprintf("%s:%d", o.ID, number)}
	}
	return s.tell(ctx, tx, told...)
}

var verbs = map[org.Accreditation]string{
	org.Applied: "apply", org.Accredited: "accredit", org.Refused: "refuse", org.Suspended: "suspend", org.Revoked: "revoke",
}

// MustBeAccredited is nil for an organisation that may hand in courses now:
// an institution accredited by the steps so far, or one of a kind that needs
// none. It reads within the caller's transaction.
func (s *Store) MustBeAccredited(ctx context.Context, q pg.Querier, id uuid.UUID) error {
	o, err := scanOne(q.QueryRow(ctx, selectOrg+` WHERE id = $1`, id))
	if err != nil {
		return fmt.Errorf("organisation %s: %w", id, err)
	}
	if o.ClosedAt != nil {
		return errClosed
	}
	if !o.Kind.Accreditable() {
		return nil
	}
	list, err := steps(ctx, q, id)
	if err != nil {
		return err
	}
	standing, err := standingOf(list, o.TimeZone, s.now())
	if err == nil && !standing.InForce() {
		err = org.ErrNotAccredited
	}
	return err
}

// Branch is one page of what stands directly below an organisation, by name.
func (s *Store) Branch(ctx context.Context, f org.BranchFilter) (org.Branch, error) {
	limit := min(max(f.Limit, 1), 100)
	after, err := s.after(ctx, f.Cursor)
	if err != nil {
		return org.Branch{}, err
	}
	rows, err := s.db.Pool().Query(ctx, selectNode+`
		WHERE o.parent_id = $1 AND (o.closed_at IS NOT NULL) = $2 AND ($3 = '' OR o.kind = $3)
		  AND ($4 = '' OR o.name_zh ILIKE '%' || $4 || '%' OR o.name_en ILIKE '%' || $4 || '%')
		  AND ($5::uuid IS NULL OR (o.name_zh, o.id) > (SELECT name_zh, id FROM organisations WHERE id = $5))
		ORDER BY o.name_zh, o.id LIMIT $6`, f.Parent, f.Closed, string(f.Kind), pg.Like(f.Query), after, limit+1)
	return s.branch(ctx, rows, err, limit)
}

// Applications is one page of the institutions below the given departments
// whose application waits for a decision, by name.
func (s *Store) Applications(ctx context.Context, below []uuid.UUID, limit int, cursor string) (org.Branch, error) {
	limit = min(max(limit, 1), 100)
	after, err := s.after(ctx, cursor)
	if err != nil {
		return org.Branch{}, err
	}
	// Only a decision on it takes an application off the table: to suspend or to revoke does not.
	rows, err := s.db.Pool().Query(ctx, selectNode+`
		WHERE o.kind = 'teaching_institution' AND o.closed_at IS NULL AND o.lineage && $1::uuid[]
		  AND (SELECT a.state FROM accreditations a WHERE a.org_id = o.id AND a.state IN ('applied', 'accredited', 'refused') ORDER BY a.number DESC LIMIT 1) = 'applied'
		  AND ($2::uuid IS NULL OR (o.name_zh, o.id) > (SELECT name_zh, id FROM organisations WHERE id = $2))
		ORDER BY o.name_zh, o.id LIMIT $3`, below, after, limit+1)
	return s.branch(ctx, rows, err, limit)
}

const selectNode = `
	SELECT o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, coalesce(o.ownership, ''), o.closed_at, o.time_zone, s.id, coalesce(s.kind, ''), coalesce(s.level, ''), coalesce(s.name_zh, ''), coalesce(s.name_en, ''),
	       (SELECT count(*) FROM organisations c WHERE c.parent_id = o.id AND c.closed_at IS NULL),
	       (SELECT count(DISTINCT m.person_id) FROM memberships m WHERE m.org_id = o.id AND m.until IS NULL)
	FROM organisations o LEFT JOIN organisations s ON s.id = o.successor_id`

func (s *Store) branch(ctx context.Context, rows pgx.Rows, err error, limit int) (b org.Branch, _ error) {
	if err != nil {
		return b, pg.Translate(err)
	}
	zones := map[uuid.UUID]string{}
	b.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n org.Node, err error) {
		var zone string
		var successor *uuid.UUID
		var heir org.Ref
		err = row.Scan(&n.ID, &n.Kind, &n.Level, &n.NameZh, &n.NameEn, &n.Ownership, &n.ClosedAt, &zone, &successor, &heir.Kind, &heir.Level, &heir.NameZh, &heir.NameEn, &n.Below, &n.People)
		if successor != nil {
			heir.ID = *successor
			n.Successor = &heir
		}
		if n.Kind.Accreditable() {
			zones[n.ID] = zone
		}
		return n, err
	})
	if err != nil {
		return b, pg.Translate(err)
	}
	if len(b.Items) > limit {
		b.Items = b.Items[:limit]
		b.NextCursor = new(b.Items[limit-1].ID.String())
	}
	if len(zones) == 0 {
		return b, nil
	}
	taken, err := stepsOf(ctx, s.db.Pool(), slices.Collect(maps.Keys(zones)))
	if err != nil {
		return b, err
	}
	for i, n := range b.Items {
		if !n.Kind.Accreditable() {
			continue
		}
		standing, err := standingOf(taken[n.ID], zones[n.ID], s.now())
		if err != nil {
			return b, err
		}
		b.Items[i].Accreditation = &standing
	}
	return b, nil
}
