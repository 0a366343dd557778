-- +goose Up
-- The search by time alone, and by what was done.
CREATE INDEX audit_events_at ON audit_events (at DESC, id DESC);
CREATE INDEX audit_events_action ON audit_events (action, at DESC);
-- They fire for a session that plays a replica's part, too, which lets ordinary triggers sleep.
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER append_only_truncate;

-- +goose Down
ALTER TABLE audit_events ENABLE TRIGGER append_only;
ALTER TABLE audit_events ENABLE TRIGGER append_only_truncate;
DROP INDEX audit_events_at, audit_events_action;
