-- +goose Up
-- Old evidence is copied below, and that may take as long as there is of it.
SET LOCAL statement_timeout = 0;

-- A session's number: its UTC day and, within it, the next of 2^25. With the
-- beat's in 22 bits more it is the key of a beat in eight bytes.
CREATE SEQUENCE study_session_numbers MINVALUE 0 MAXVALUE 33554431 CYCLE;
ALTER TABLE study_sessions
    ADD COLUMN no bigint,
    -- Its evidence stands in one record, and its beats may go.
    ADD COLUMN compacted boolean NOT NULL DEFAULT false;
UPDATE study_sessions SET no = opened_ms / 86400000 << 25 | nextval('study_session_numbers');
ALTER TABLE study_sessions ALTER COLUMN no SET NOT NULL, ADD CONSTRAINT study_sessions_no UNIQUE (no);
CREATE INDEX study_sessions_raw ON study_sessions (no) WHERE NOT compacted;

-- +goose StatementBegin
CREATE FUNCTION study_number_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.no := NEW.opened_ms / 86400000 << 25 | nextval('study_session_numbers');
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER number BEFORE INSERT ON study_sessions FOR EACH ROW EXECUTE FUNCTION study_number_session();

-- The evidence: one row an acknowledged beat, never changed. All beats of a
-- session lie in the partition of the day it was opened.
ALTER TABLE study_beats RENAME TO study_beats_before;
-- +goose StatementBegin
DO $$
DECLARE
    t regclass;
BEGIN
    FOR t IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'study_beats_before'::regclass LOOP
        EXECUTE format('ALTER TABLE %s RENAME TO %I', t, 'before_' || t::text);
    END LOOP;
END $$;
-- +goose StatementEnd
CREATE TABLE study_beat_rows (
    key       bigint NOT NULL CHECK (key & 4194303 > 0), -- the session's no, and 22 bits of seq
    at_ms     bigint NOT NULL,
    lag_ms    int NOT NULL, -- how long before at_ms the credited stretch began
    credit_ms int NOT NULL CHECK (credit_ms >= 0),
    presence  smallint NOT NULL,
    chain     bytea NOT NULL CHECK (length(chain) = 12),
    report    bytea NOT NULL,
    CONSTRAINT study_beat_once PRIMARY KEY (key)
) PARTITION BY RANGE (key);
CREATE TABLE study_beats_rest PARTITION OF study_beat_rows DEFAULT;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON study_beat_rows FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON study_beat_rows EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON study_beats_rest EXECUTE FUNCTION refuse_rewriting();

-- The rows in the words of the protocol.
CREATE VIEW study_beats AS
SELECT DATE '1970-01-01' + (b.key >> 47)::int AS day, s.id AS session_id, (b.key & 4194303)::int AS seq,
       b.at_ms, b.at_ms - b.lag_ms AS credit_from_ms, b.credit_ms, b.presence, b.report, b.chain
FROM study_sessions s JOIN study_beat_rows b ON b.key > s.no << 22 AND b.key < s.no + 1 << 22;

-- +goose StatementBegin
-- Makes the partitions of a range of days. The advisory lock lets many servers ask at once.
CREATE OR REPLACE FUNCTION study_make_partitions(first date, days int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    d bigint;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('study_make_partitions'));
    FOR d IN SELECT first - DATE '1970-01-01' + n FROM generate_series(0, days - 1) n LOOP
        name := 'study_beats_' || to_char(DATE '1970-01-01' + d::int, 'YYYYMMDD');
        IF to_regclass(name) IS NULL AND NOT EXISTS (SELECT FROM study_beats_rest WHERE key >= d << 47 AND key < d + 1 << 47) THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF study_beat_rows FOR VALUES FROM (%s) TO (%s)', name, d << 47, d + 1 << 47);
            EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse_rewriting()', name);
        END IF;
    END LOOP;
END $$;
-- +goose StatementEnd

SELECT study_make_partitions(day, 1) FROM (SELECT DISTINCT (to_timestamp(opened_ms / 1000) AT TIME ZONE 'UTC')::date AS day FROM study_sessions) days;
INSERT INTO study_beat_rows (key, at_ms, lag_ms, credit_ms, presence, chain, report)
SELECT s.no << 22 | b.seq, b.at_ms, b.at_ms - b.credit_from_ms, b.credit_ms, coalesce(b.presence, 0), b.chain, b.report
FROM study_beats_before b JOIN study_sessions s ON s.id = b.session_id;
-- +goose StatementBegin
DO $$
BEGIN
    IF (SELECT count(*) FROM study_beat_rows) <> (SELECT count(*) FROM study_beats_before) THEN
        RAISE EXCEPTION 'there are beats of sessions that are not there';
    END IF;
END $$;
-- +goose StatementEnd
DROP TABLE study_beats_before;

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    RAISE EXCEPTION 'the layout of the evidence is not taken back';
END $$;
-- +goose StatementEnd
