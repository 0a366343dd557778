-- +goose Up
-- Whoever asks for everything that is kept of them: built by a job, sealed in
-- the store of files, fetched once.
CREATE TABLE data_exports (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    state        text NOT NULL DEFAULT 'building' CHECK (state IN ('building', 'ready', 'fetched', 'expired')),
    requested_at timestamptz NOT NULL,
    ready_at     timestamptz,
    expires_at   timestamptz,
    fetched_at   timestamptz,
    size_bytes   bigint NOT NULL DEFAULT 0, -- of the ZIP
    -- The sealed file still lies in the store.
    stored       boolean NOT NULL DEFAULT false
);
CREATE INDEX data_exports_person ON data_exports (person_id, requested_at DESC);
CREATE UNIQUE INDEX data_exports_building ON data_exports (person_id) WHERE state = 'building';
CREATE INDEX data_exports_stored ON data_exports (expires_at) WHERE stored;

CREATE TABLE deletion_requests (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    requested_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL CHECK (due_at >= requested_at),
    cancelled_at timestamptz,
    done_at      timestamptz,
    CHECK (cancelled_at IS NULL OR done_at IS NULL)
);
CREATE UNIQUE INDEX deletion_requests_open ON deletion_requests (person_id) WHERE cancelled_at IS NULL AND done_at IS NULL;
CREATE INDEX deletion_requests_due ON deletion_requests (due_at) WHERE cancelled_at IS NULL AND done_at IS NULL;

-- What a person agreed to: the texts are in the program, by version.
CREATE TABLE consents (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    purpose      text NOT NULL,
    version      int NOT NULL CHECK (version >= 1),
    given_at     timestamptz NOT NULL,
    withdrawn_at timestamptz CHECK (withdrawn_at >= given_at)
);
CREATE UNIQUE INDEX consents_current ON consents (person_id, purpose, version) WHERE withdrawn_at IS NULL;
CREATE INDEX consents_person ON consents (person_id, given_at DESC);

-- +goose Down
DROP TABLE consents, deletion_requests, data_exports;
