-- +goose Up
CREATE TABLE totp_factors (
    person_id    uuid PRIMARY KEY REFERENCES people (id),
    sealed       bytea NOT NULL, -- the secret, for "totp:" and the person's id
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz, -- NULL: shown, and not yet proved to be kept
    -- The time step of the last code that was taken: it and all before are spent.
    last_step    bigint NOT NULL DEFAULT 0,
    -- Steps ahead of the clock of which a code was shown to us: refused when they come.
    refused      bigint[] NOT NULL DEFAULT '{}' CHECK (cardinality(refused) <= 16)
);

CREATE TABLE passkeys (
    id            uuid PRIMARY KEY,
    person_id     uuid NOT NULL REFERENCES people (id),
    credential_id bytea NOT NULL UNIQUE,
    record        jsonb NOT NULL, -- public key, counter and flags as the WebAuthn library keeps them
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    created_at    timestamptz NOT NULL,
    used_at       timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person_id, created_at);

CREATE TABLE recovery_codes (
    person_id  uuid NOT NULL REFERENCES people (id),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32), -- argon2id
    salt       bytea NOT NULL, -- one of the whole set, so that a code is hashed once to be looked for
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (person_id, hash)
);

-- A challenge a browser was given and has not answered.
CREATE TABLE passkey_ceremonies (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    purpose    text NOT NULL CHECK (purpose IN ('register', 'second-step', 'sign-in')),
    person_id  uuid REFERENCES people (id), -- NULL: whoever answers
    session    jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

-- The password was right, the second factor is still to come.
CREATE TABLE pending_sign_ins (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    person_id  uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries      int NOT NULL DEFAULT 0
);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

-- +goose Down
DROP TABLE pending_sign_ins, passkey_ceremonies, recovery_codes, passkeys, totp_factors;
