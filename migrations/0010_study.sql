-- +goose Up
-- Who may speak: a person's one open session and its fence. Every write of
-- evidence looks here first. until_ms is how much of the clock sessions that
-- have ended were given; what the open one was given is in its evidence.
CREATE TABLE study_people (
    person_id  uuid PRIMARY KEY REFERENCES people (id),
    fence      bigint NOT NULL DEFAULT 0,
    until_ms   bigint NOT NULL DEFAULT 0,
    session_id uuid
) WITH (fillfactor = 70);

CREATE TABLE study_sessions (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    lesson_id    uuid NOT NULL REFERENCES lessons (id),
    asset_id     uuid NOT NULL REFERENCES media_assets (id),
    fence        bigint NOT NULL,
    opened_ms    bigint NOT NULL,
    closed_ms    bigint,
    duration_ms  bigint NOT NULL CHECK (duration_ms > 0),
    -- What was sent to this session: a bit a segment, and how much media that is.
    delivered_ms bigint NOT NULL DEFAULT 0,
    delivered    bytea NOT NULL DEFAULT '',
    chain        bytea NOT NULL CHECK (length(chain) = 12),
    device       text NOT NULL CHECK (char_length(device) <= 100),
    -- The sign-in it was opened under: it ends with it.
    sign_in      bytea NOT NULL,
    UNIQUE (person_id, fence)
) WITH (fillfactor = 70);
CREATE INDEX study_sessions_lesson ON study_sessions (enrolment_id, lesson_id);

-- The evidence: one row an acknowledged beat, never changed. All beats of a
-- session lie in the partition of the day it was opened.
CREATE TABLE study_beats (
    at_ms          bigint NOT NULL,
    credit_from_ms bigint NOT NULL,
    day            date NOT NULL,
    seq            int NOT NULL CHECK (seq >= 1),
    credit_ms      int NOT NULL CHECK (credit_ms >= 0),
    session_id     uuid NOT NULL,
    report         bytea NOT NULL,
    chain          bytea NOT NULL,
    PRIMARY KEY (day, session_id, seq)
) PARTITION BY RANGE (day);
CREATE TABLE study_beats_rest PARTITION OF study_beats DEFAULT;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON study_beats FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- +goose StatementBegin
-- Makes the partitions of a range of days. The advisory lock lets many servers ask at once.
CREATE FUNCTION study_make_partitions(first date, days int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    d date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('study_make_partitions'));
    FOR d IN SELECT first + n FROM generate_series(0, days - 1) n LOOP
        IF to_regclass(format('study_beats_%s', to_char(d, 'YYYYMMDD'))) IS NULL
           AND NOT EXISTS (SELECT FROM study_beats_rest WHERE day = d) THEN
            EXECUTE format('CREATE TABLE study_beats_%s PARTITION OF study_beats FOR VALUES FROM (%L) TO (%L)', to_char(d, 'YYYYMMDD'), d, d + 1);
        END IF;
    END LOOP;
END $$;
-- +goose StatementEnd

-- What a person's sessions in a lesson come to, as of one beat of one of them:
-- written now and then, at the end of a session, and when the lesson is
-- complete. Beats after it are replayed from the evidence.
CREATE TABLE study_lessons (
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    lesson_id    uuid NOT NULL REFERENCES lessons (id),
    verified_ms  bigint NOT NULL DEFAULT 0,
    verified_s   int GENERATED ALWAYS AS (verified_ms / 1000) STORED,
    covered_s    int NOT NULL DEFAULT 0,
    resume_ms    bigint NOT NULL DEFAULT 0,
    -- The piece of a second the playhead stands in: [part_from, part_to) in media milliseconds.
    part_from    bigint NOT NULL DEFAULT 0,
    part_to      bigint NOT NULL DEFAULT 0,
    -- A bit a second of media.
    covered      bytea NOT NULL DEFAULT '',
    as_of_session uuid NOT NULL,
    as_of_seq    int NOT NULL,
    PRIMARY KEY (enrolment_id, lesson_id)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE study_lessons, study_beats, study_sessions, study_people;
DROP FUNCTION study_make_partitions;
