-- +goose Up
CREATE TABLE people (
    id         uuid PRIMARY KEY,
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    locale     text NOT NULL DEFAULT 'zh-CN' CHECK (locale IN ('zh-CN', 'en')),
    created_at timestamptz NOT NULL
);

CREATE TABLE accounts (
    person_id     uuid PRIMARY KEY REFERENCES people (id),
    -- As typed, for mail; the folded form is what must be unique.
    email         text NOT NULL CHECK (char_length(email) <= 254),
    email_folded  text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);

CREATE TABLE memberships (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    org_id     uuid NOT NULL REFERENCES organisations (id),
    role       text NOT NULL CHECK (role IN ('professional', 'instructor', 'institution_manager', 'department_officer', 'employer_officer', 'auditor')),
    since      timestamptz NOT NULL,
    until      timestamptz CHECK (until IS NULL OR until > since)
);
CREATE INDEX memberships_person ON memberships (person_id);
CREATE INDEX memberships_org ON memberships (org_id, role);
CREATE UNIQUE INDEX memberships_current ON memberships (person_id, org_id, role) WHERE until IS NULL;

-- Only the hash of a sign-in token is kept: a copy of this table signs nobody in.
CREATE TABLE sign_ins (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    person_id  uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text NOT NULL DEFAULT '' CHECK (char_length(user_agent) <= 400),
    address    text NOT NULL DEFAULT ''
);
CREATE INDEX sign_ins_person ON sign_ins (person_id, created_at DESC);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

-- The first answer to a request that carried an Idempotency-Key.
CREATE TABLE idempotency_keys (
    person_id  uuid NOT NULL REFERENCES people (id),
    key        text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    operation  text NOT NULL,
    body_hash  bytea NOT NULL,
    status     int,
    headers    jsonb,
    body       bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, key)
);

-- +goose Down
DROP TABLE idempotency_keys, sign_ins, memberships, accounts, people;
