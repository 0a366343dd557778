-- +goose Up
-- The search by time alone, by what was done (one action, or all of an object's
-- by how their names begin), by the object, and by its kind.
CREATE INDEX audit_events_at ON audit_events (at DESC, id DESC);
CREATE INDEX audit_events_action ON audit_events (action text_pattern_ops, at DESC);
CREATE INDEX audit_events_kind ON audit_events (object_kind, at DESC);
DROP INDEX audit_events_object; -- by kind first: of no use to who names the object alone
CREATE INDEX audit_events_object ON audit_events (object_id, at DESC);
-- They fire for a session that plays a replica's part, too, which lets ordinary triggers sleep.
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER append_only_truncate;

-- +goose Down
ALTER TABLE audit_events ENABLE TRIGGER append_only;
ALTER TABLE audit_events ENABLE TRIGGER append_only_truncate;
DROP INDEX audit_events_at, audit_events_action, audit_events_kind, audit_events_object;
CREATE INDEX audit_events_object ON audit_events (object_kind, object_id, at);
