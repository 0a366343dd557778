-- +goose Up
ALTER TABLE sign_ins
    -- By which its owner names it in the list: the token's hash stays inside.
    ADD COLUMN id         uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN device     text NOT NULL DEFAULT '' CHECK (char_length(device) <= 100),
    ADD COLUMN method     text NOT NULL DEFAULT 'password',
    -- Under which study was opened, so that it can be closed when somebody else
    -- than the token's holder ends the sign-in.
    ADD COLUMN study_name bytea CHECK (octet_length(study_name) = 16),
    -- When its holder last proved to be the account's owner.
    ADD COLUMN proved_at  timestamptz;
CREATE UNIQUE INDEX sign_ins_id ON sign_ins (id);

-- +goose Down
ALTER TABLE sign_ins DROP COLUMN id, DROP COLUMN device, DROP COLUMN method, DROP COLUMN study_name, DROP COLUMN proved_at;
