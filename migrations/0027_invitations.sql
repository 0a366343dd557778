-- +goose Up
-- Somebody is asked by mail to take a role. The proof in the mail is made from
-- the id (linktoken), so that nothing here lets anybody in.
CREATE TABLE invitations (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organisations (id),
    role         text NOT NULL CHECK (role IN ('professional', 'instructor', 'institution_manager', 'department_officer', 'employer_officer', 'auditor')),
    email        text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254), -- as typed
    email_folded text NOT NULL CHECK (char_length(email_folded) <= 254),
    locale       text NOT NULL CHECK (locale IN ('zh-CN', 'en')),
    invited_by   uuid NOT NULL REFERENCES people (id),
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz NOT NULL,
    sends        int NOT NULL DEFAULT 1 CHECK (sends >= 1),
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    accepted_at  timestamptz,
    accepted_by  uuid REFERENCES people (id),
    revoked_at   timestamptz,
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
-- One address is asked for one role once; what has expired is sent again, not written again.
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email_folded, role) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_page ON invitations (org_id, id DESC);
CREATE INDEX invitations_address ON invitations (email_folded);

-- +goose Down
DROP TABLE invitations;
