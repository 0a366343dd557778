-- +goose Up
ALTER TABLE accounts
    -- When a link mailed to the address was followed, or an operator vouched for it.
    ADD COLUMN email_verified_at   timestamptz,
    ADD COLUMN password_changed_at timestamptz;

-- What a mailed link stands for. The link is the id and a MAC over it; that it
-- holds still, and holds once, is kept here.
CREATE TABLE account_proofs (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    purpose      text NOT NULL CHECK (purpose IN ('verify-mail', 'reset-password')),
    -- Where it was mailed to: what following it proves, and no other address.
    email        text NOT NULL CHECK (char_length(email) <= 254),
    email_folded text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at      timestamptz
);
CREATE INDEX account_proofs_person ON account_proofs (person_id, purpose) WHERE used_at IS NULL;
CREATE INDEX account_proofs_expiry ON account_proofs (expires_at);

-- +goose Down
DROP TABLE account_proofs;
ALTER TABLE accounts DROP COLUMN email_verified_at, DROP COLUMN password_changed_at;
