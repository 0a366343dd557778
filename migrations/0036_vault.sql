-- +goose Up
-- Keys of storage/vault. None stands here in the open: each is wrapped by a key
-- derived from a secret that the database never sees.
CREATE TABLE vault_keys (
    id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- data: seals columns, the newest is used; hash: makes keyed hashes, there is one and it stays.
    kind       text NOT NULL CHECK (kind IN ('data', 'hash')),
    wrapped    bytea NOT NULL,
    -- Which secret wraps it, by a fingerprint that tells nothing about the secret.
    wrapped_by bytea NOT NULL CHECK (octet_length(wrapped_by) = 8),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX vault_keys_hash ON vault_keys (kind) WHERE kind = 'hash';

-- +goose Down
DROP TABLE vault_keys;
