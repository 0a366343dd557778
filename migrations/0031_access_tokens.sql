-- +goose Up
-- Only the hash is kept: a copy of this table calls nothing.
CREATE TABLE access_tokens (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    scopes     text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '367 days'),
    used_at    timestamptz,
    used_from  text NOT NULL DEFAULT '',
    revoked_at timestamptz
);
CREATE INDEX access_tokens_person ON access_tokens (person_id, created_at DESC);

-- +goose Down
DROP TABLE access_tokens;
