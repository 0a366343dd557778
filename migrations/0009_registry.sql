-- +goose Up
-- The rules of the hours, by jurisdiction and year. A row without a
-- jurisdiction holds wherever no nearer one does.
CREATE TABLE hour_policies (
    id              uuid PRIMARY KEY,
    jurisdiction_id uuid REFERENCES organisations (id),
    year_from       int NOT NULL CHECK (year_from BETWEEN 1995 AND 2200),
    year_to         int CHECK (year_to >= year_from),
    required_hours  numeric(6, 2) NOT NULL CHECK (required_hours > 0),
    -- Public subjects count for at most public_numerator / public_denominator of the required hours.
    public_numerator   int NOT NULL CHECK (public_numerator >= 0),
    public_denominator int NOT NULL CHECK (public_denominator > 0 AND public_denominator >= public_numerator),
    hour_minutes    int NOT NULL DEFAULT 45 CHECK (hour_minutes BETWEEN 1 AND 120),
    day_hours       numeric(4, 2) NOT NULL DEFAULT 6 CHECK (day_hours > 0),
    title_zh        text NOT NULL,
    title_en        text NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX hour_policies_scope ON hour_policies (coalesce(jurisdiction_id, '00000000-0000-0000-0000-000000000000'), year_from);
INSERT INTO hour_policies (id, year_from, required_hours, public_numerator, public_denominator, title_zh, title_en, created_at)
VALUES ('019a0000-0000-7000-8000-000000000001', 1995, 72, 1, 3, '国家基本政策', 'Founding policy', '2026-11-23T00:00:00Z');

-- The register of hours: one row a fact, numbered without gaps, never changed.
-- Its rows are the leaves of a Merkle tree (RFC 6962, as golang.org/x/mod/sumdb/tlog draws it).
CREATE TABLE ledger_entries (
    index         bigint PRIMARY KEY CHECK (index >= 0),
    id            uuid NOT NULL UNIQUE,
    kind          text NOT NULL CHECK (kind IN ('registered', 'correction')),
    person_id     uuid NOT NULL REFERENCES people (id),
    year          int NOT NULL,
    subject       text NOT NULL CHECK (subject IN ('professional', 'public')),
    -- A correction may take hours away; a registration gives them.
    hours         numeric(6, 2) NOT NULL CHECK (kind = 'correction' OR hours > 0),
    -- What these hours are for: 'enrolment:<uuid>'. Unique: registered exactly once.
    source_key    text NOT NULL UNIQUE,
    course_id     uuid REFERENCES courses (id),
    version_id    uuid REFERENCES course_versions (id),
    title_zh      text NOT NULL,
    title_en      text NOT NULL,
    provider_id   uuid REFERENCES organisations (id),
    corrects      bigint REFERENCES ledger_entries (index),
    reason        text NOT NULL DEFAULT '',
    author_id     uuid REFERENCES people (id),
    earned_at     timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    -- The canonical text whose hash is the leaf.
    record        bytea NOT NULL,
    CHECK ((kind = 'correction') = (corrects IS NOT NULL)),
    CHECK (kind <> 'correction' OR (reason <> '' AND author_id IS NOT NULL))
);
CREATE INDEX ledger_entries_person ON ledger_entries (person_id, year);

CREATE TABLE ledger_hashes (
    position bigint PRIMARY KEY,
    hash     bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE certificates (
    serial       text PRIMARY KEY,
    ledger_index bigint NOT NULL UNIQUE REFERENCES ledger_entries (index),
    person_id    uuid NOT NULL REFERENCES people (id),
    -- As they stood on the day: a later change of name does not rewrite a proof.
    holder_name  text NOT NULL,
    issuer_zh    text NOT NULL,
    issuer_en    text NOT NULL,
    issued_at    timestamptz NOT NULL
);
CREATE INDEX certificates_person ON certificates (person_id, issued_at DESC);

-- +goose StatementBegin
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_entries EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_hashes FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_hashes EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON certificates FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON certificates EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON course_reviews FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- +goose Down
DROP TRIGGER append_only ON course_reviews;
DROP TABLE certificates, ledger_hashes, ledger_entries, hour_policies;
DROP FUNCTION refuse_rewriting();
