package orgdb

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// treeLock lets a move, a closure or a merger be alone with the tree: whoever
// plants a new organisation takes it shared, so that none gets a lineage that
// is being rewritten.
const treeLock = 0x48475452 // "HGTR"

func grow(ctx context.Context, tx *pg.Tx) error {
	_, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, treeLock)
	return pg.Translate(err)
}

func shake(ctx context.Context, tx *pg.Tx) error {
	_, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, treeLock)
	return pg.Translate(err)
}

// traceOf is what the audit trail keeps of an organisation.
func traceOf(o org.Organisation) map[string]any {
	return map[string]any{
		"kind": o.Kind, "level": o.Level, "name_zh": o.NameZh, "name_en": o.NameEn, "parent_id": o.ParentID, "time_zone": o.TimeZone, "ownership": o.Ownership,
	}
}

func locked(ctx context.Context, tx *pg.Tx, id uuid.UUID) (org.Organisation, error) {
	o, err := scanOne(tx.Pgx().QueryRow(ctx, selectOrg+` WHERE id = $1 FOR UPDATE`, id))
	if err != nil {
		return o, fmt.Errorf("organisation %s: %w", id, err)
	}
	return o, nil
}

// Allowed judges who asks by the organisation's lineage as it stands in the
// transaction: what was read before it may have been moved away since.
type Allowed = func(lineage []uuid.UUID) error

// Change renames an organisation or changes what else it says of itself.
func (s *Store) Change(ctx context.Context, by, id uuid.UUID, may Allowed, c org.Change) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		o, err := locked(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := may(o.Lineage); err != nil {
			return err
		}
		n, err := o.Changed(c)
		if err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE organisations SET name_zh = $2, name_en = $3, time_zone = $4, ownership = nullif($5, '') WHERE id = $1`,
			id, n.NameZh, n.NameEn, n.TimeZone, string(n.Ownership))
		if err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "organisation.change", ObjectKind: "organisation", Object: id, Org: id, Before: traceOf(o), After: traceOf(n)})
	})
	if err != nil {
		return fmt.Errorf("change organisation %s: %w", id, err)
	}
	return nil
}

// Move puts an organisation, with all that stands below it, below another
// department. may is asked for what lies above the organisation and for the
// new parent.
func (s *Store) Move(ctx context.Context, by, id, parent uuid.UUID, may Allowed) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := shake(ctx, tx); err != nil {
			return err
		}
		o, to, err := s.both(ctx, tx, id, parent)
		if err != nil {
			return err
		}
		if err := allowBoth(may, o.Lineage[1:], to.Lineage); err != nil {
			return err
		}
		if err := o.MayStandBelow(to); err != nil {
			return err
		}
		if err := replant(ctx, tx, o, to); err != nil {
			return err
		}
		return s.note(ctx, tx, audit.Event{
			Actor: by, Action: "organisation.move", ObjectKind: "organisation", Object: id, Org: id,
			Before: map[string]any{"parent_id": o.ParentID}, After: map[string]any{"parent_id": parent},
		})
	})
	if err != nil {
		return fmt.Errorf("move organisation %s: %w", id, err)
	}
	return nil
}

func allowBoth(may Allowed, a, b []uuid.UUID) error {
	if err := may(a); err != nil {
		return err
	}
	return may(b)
}

// both locks two organisations, always in the same order.
func (s *Store) both(ctx context.Context, tx *pg.Tx, a, b uuid.UUID) (x, y org.Organisation, err error) {
	if bytes.Compare(a[:], b[:]) > 0 {
		y, x, err = s.both(ctx, tx, b, a)
		return x, y, err
	}
	if x, err = locked(ctx, tx, a); err != nil {
		return x, y, err
	}
	y, err = locked(ctx, tx, b)
	return x, y, err
}

// replant writes the new parent and the lineages of the whole subtree, as org.Moved says.
func replant(ctx context.Context, tx *pg.Tx, o, to org.Organisation) error {
	if _, err := tx.Pgx().Exec(ctx, `UPDATE organisations SET parent_id = $2 WHERE id = $1`, o.ID, to.ID); err != nil {
		return pg.Translate(err)
	}
	_, err := tx.Pgx().Exec(ctx, `
		UPDATE organisations SET lineage = lineage[1:array_position(lineage, $1)] || $2::uuid[] WHERE lineage @> ARRAY[$1::uuid]`, o.ID, to.Lineage)
	return pg.Translate(err)
}

// Close ends an organisation with all roles in it and the invitations to it.
func (s *Store) Close(ctx context.Context, by, id uuid.UUID, may Allowed, reason string) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := shake(ctx, tx); err != nil {
			return err
		}
		o, err := locked(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := may(o.Lineage[1:]); err != nil {
			return err
		}
		var below int
		if err := tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM organisations WHERE parent_id = $1 AND closed_at IS NULL`, id).Scan(&below); err != nil {
			return pg.Translate(err)
		}
		if err := o.MayClose(below); err != nil {
			return err
		}
		ended, err := s.shut(ctx, tx, id, nil)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, audit.Event{
			Actor: by, Action: "organisation.close", ObjectKind: "organisation", Object: id, Org: id, Before: traceOf(o), After: map[string]any{"reason": reason, "roles_ended": ended},
		})
	})
	if err != nil {
		return fmt.Errorf("close organisation %s: %w", id, err)
	}
	return nil
}

// shut marks an organisation closed and ends what is open in it; how many roles that were.
func (s *Store) shut(ctx context.Context, tx *pg.Tx, id uuid.UUID, successor *uuid.UUID) (int64, error) {
	now := s.now().UTC()
	if _, err := tx.Pgx().Exec(ctx, `UPDATE organisations SET closed_at = $2, successor_id = $3 WHERE id = $1`, id, now, successor); err != nil {
		return 0, pg.Translate(err)
	}
	if _, err := tx.Pgx().Exec(ctx, `UPDATE invitations SET revoked_at = $2 WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL`, id, now); err != nil {
		return 0, pg.Translate(err)
	}
	tag, err := tx.Pgx().Exec(ctx, `UPDATE memberships SET until = greatest($2, since + interval '1 microsecond') WHERE org_id = $1 AND until IS NULL`, id, now)
	return tag.RowsAffected(), pg.Translate(err)
}

// Merge makes one organisation's people another's: their roles end in the one
// and begin in the other at the same moment. The first stays, closed, with the
// figures of its years, and points to the second.
func (s *Store) Merge(ctx context.Context, by, id, into uuid.UUID, may Allowed, reason string) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := shake(ctx, tx); err != nil {
			return err
		}
		from, to, err := s.both(ctx, tx, id, into)
		if err != nil {
			return err
		}
		if err := allowBoth(may, from.Lineage[1:], to.Lineage[1:]); err != nil {
			return err
		}
		if err := from.MayMergeInto(to); err != nil {
			return err
		}
		moved, err := s.takeOver(ctx, tx, id, into)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, audit.Event{
			Actor: by, Action: "organisation.merge", ObjectKind: "organisation", Object: id, Org: id,
			Before: traceOf(from), After: map[string]any{"into": into, "reason": reason, "roles_moved": moved},
		})
	})
	if err != nil {
		return fmt.Errorf("merge organisation %s into %s: %w", id, into, err)
	}
	return nil
}

func (s *Store) takeOver(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) (int64, error) {
	// Whoever holds the role there already keeps what they have.
	tag, err := tx.Pgx().Exec(ctx, `
		INSERT INTO memberships (id, person_id, org_id, role, since)
		SELECT gen_random_uuid(), person_id, $2, role, $3 FROM memberships WHERE org_id = $1 AND until IS NULL
		ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO NOTHING`, from, to, s.now().UTC())
	if err != nil {
		return 0, pg.Translate(err)
	}
	if _, err := s.shut(ctx, tx, from, &to); err != nil {
		return 0, err
	}
	if s.o.Inherit != nil {
		err = s.o.Inherit(ctx, tx, from, to)
	}
	return tag.RowsAffected(), err
}
