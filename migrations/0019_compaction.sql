-- +goose Up
-- The evidence of a session that has ended, in one row: study.Summary.
CREATE TABLE study_evidence (
    no           bigint PRIMARY KEY REFERENCES study_sessions (no),
    credit_ms    bigint NOT NULL CHECK (credit_ms >= 0),
    confirmed_ms bigint NOT NULL CHECK (confirmed_ms >= 0),
    forfeited_ms bigint NOT NULL CHECK (forfeited_ms >= 0 AND confirmed_ms + forfeited_ms <= credit_ms), -- the rest was pending when it ended
    beats        int NOT NULL CHECK (beats >= 0),
    head         bytea NOT NULL CHECK (length(head) = 12),   -- the last link of the chain
    digest       bytea NOT NULL CHECK (length(digest) = 32), -- over all its beats
    body         bytea NOT NULL
);

-- +goose StatementBegin
-- A record is never changed, and stands six years at least.
CREATE FUNCTION study_keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND DATE '1970-01-01' + (OLD.no >> 25)::int < current_date - interval '6 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON study_evidence FOR EACH ROW EXECUTE FUNCTION study_keep_evidence();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON study_evidence EXECUTE FUNCTION refuse_rewriting();

-- +goose StatementBegin
-- Drops the beats of a day, the only way they go: when it was at least a week
-- ago, and each of its beats is in a record. Waits a second for its lock at
-- most, since beats wait behind it.
CREATE FUNCTION study_drop_day(d date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
    lo bigint := d - DATE '1970-01-01';
    name text := 'study_beats_' || to_char(d, 'YYYYMMDD');
    raw bigint;
    kept bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('study_make_partitions'));
    IF to_regclass(name) IS NULL THEN
        RETURN false;
    END IF;
    IF d > current_date - 7 THEN
        RAISE EXCEPTION 'the beats of % are too young to go', d;
    END IF;
    IF EXISTS (SELECT FROM study_sessions WHERE NOT compacted AND no >= lo << 25 AND no < lo + 1 << 25) THEN
        RAISE EXCEPTION 'a session of % is not compacted', d;
    END IF;
    EXECUTE format('SELECT count(*) FROM %I', name) INTO raw;
    SELECT coalesce(sum(beats), 0) INTO kept FROM study_evidence WHERE no >= lo << 25 AND no < lo + 1 << 25;
    IF raw <> kept THEN
        RAISE EXCEPTION '% beats of % are in records, not %', kept, d, raw;
    END IF;
    EXECUTE format('DROP TABLE %I', name);
    RETURN true;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION study_drop_day;
DROP TABLE study_evidence;
DROP FUNCTION study_keep_evidence;
