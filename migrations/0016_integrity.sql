-- +goose Up
ALTER TABLE study_sessions
    -- Names the browser it was opened in, by a keyed hash of a random cookie.
    ADD COLUMN device_key bytea CHECK (length(device_key) = 16),
    -- The rules of integrity have seen it. Its beats must be there until then.
    ADD COLUMN examined boolean NOT NULL DEFAULT false;
CREATE INDEX study_sessions_unexamined ON study_sessions (closed_ms, id) WHERE closed_ms IS NOT NULL AND NOT examined;

-- What the rules keep of a session that has ended, for as long as they look back.
CREATE TABLE integrity_digests (
    session_id uuid PRIMARY KEY REFERENCES study_sessions (id) ON DELETE CASCADE,
    person_id  uuid NOT NULL REFERENCES people (id),
    opened_ms  bigint NOT NULL,
    credit_ms  bigint NOT NULL,
    device_key bytea,
    digest     jsonb NOT NULL
);
CREATE INDEX integrity_digests_person ON integrity_digests (person_id, opened_ms);
CREATE INDEX integrity_digests_device ON integrity_digests (device_key, opened_ms) WHERE device_key IS NOT NULL;
CREATE INDEX integrity_digests_age ON integrity_digests (opened_ms);

-- Questions about somebody's study, put before the officers of a jurisdiction.
CREATE TABLE integrity_flags (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    -- Where the person worked when it was raised, else whose course it was: the departments above decide.
    org_id     uuid NOT NULL REFERENCES organisations (id),
    kind       text NOT NULL CHECK (kind IN ('fast-answers', 'metronome', 'round-the-clock', 'guessing', 'failed-checks', 'shared-device')),
    severity   text NOT NULL CHECK (severity IN ('serious', 'notice')),
    first_at   timestamptz NOT NULL,
    last_at    timestamptz NOT NULL CHECK (last_at >= first_at),
    sessions   uuid[] NOT NULL CHECK (cardinality(sessions) > 0),
    figures    jsonb NOT NULL,
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'dismissed')),
    raised_at  timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid REFERENCES people (id),
    reason     text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 2000),
    CHECK ((state = 'open') = (decided_at IS NULL) AND (state = 'open') = (decided_by IS NULL)),
    CHECK (state = 'open' OR reason <> '')
);
-- Raised once: what is found again while it is open goes into the same flag.
CREATE UNIQUE INDEX integrity_flags_open ON integrity_flags (person_id, kind) WHERE state = 'open';
CREATE INDEX integrity_flags_queue ON integrity_flags (state, raised_at, id);
CREATE INDEX integrity_flags_decided ON integrity_flags (state, decided_at DESC, id DESC) WHERE state <> 'open';
CREATE INDEX integrity_flags_person ON integrity_flags (person_id, kind, decided_at);
CREATE INDEX integrity_flags_device ON integrity_flags ((figures ->> 'device')) WHERE kind = 'shared-device';

-- Who did what to whom, when, from where: one row a deed, in the transaction of the deed, never changed.
CREATE TABLE audit_events (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor_id    uuid REFERENCES people (id), -- NULL: the program itself
    action      text NOT NULL CHECK (action ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'), -- 'integrity-flag.decide'
    object_kind text NOT NULL,
    object_id   uuid NOT NULL,
    subject_id  uuid REFERENCES people (id), -- whom it concerns
    org_id      uuid REFERENCES organisations (id), -- whose jurisdiction it belongs to
    address     text NOT NULL DEFAULT '' CHECK (char_length(address) <= 64),
    user_agent  text NOT NULL DEFAULT '' CHECK (char_length(user_agent) <= 400),
    request_id  text NOT NULL DEFAULT '' CHECK (char_length(request_id) <= 64),
    before      jsonb,
    after       jsonb
);
CREATE INDEX audit_events_object ON audit_events (object_kind, object_id, at);
CREATE INDEX audit_events_subject ON audit_events (subject_id, at DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_events_actor ON audit_events (actor_id, at DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_events_org ON audit_events (org_id, at DESC) WHERE org_id IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_events EXECUTE FUNCTION refuse_rewriting();

-- +goose Down
DROP TABLE audit_events, integrity_flags, integrity_digests;
DROP INDEX study_sessions_unexamined;
ALTER TABLE study_sessions DROP COLUMN device_key, DROP COLUMN examined;
