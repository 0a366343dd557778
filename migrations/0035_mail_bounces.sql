-- +goose Up
-- Addresses that mail does not reach. Nothing is sent there until the row is taken away.
CREATE TABLE mail_bounces (
    address  text PRIMARY KEY CHECK (char_length(address) BETWEEN 3 AND 320), -- folded
    mail_id  uuid, -- the one that came back, where it is known; mails may be forgotten before
    source   text NOT NULL CHECK (source IN ('smtp', 'report')),
    status   text NOT NULL CHECK (char_length(status) <= 20), -- RFC 3463, "5.1.1", or the reply's code
    detail   text NOT NULL CHECK (char_length(detail) <= 500),
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    times    int NOT NULL DEFAULT 1
);

-- +goose Down
DROP TABLE mail_bounces;
