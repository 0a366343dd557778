-- +goose Up
ALTER TABLE organisations
    ADD COLUMN ownership text CHECK (ownership IN ('state', 'private', 'public_institution', 'social_organisation')),
    -- A closed one stays, for the figures of its years; a merged one says where its people went.
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN successor_id uuid REFERENCES organisations (id),
    ADD CHECK (ownership IS NULL OR kind = 'employer'),
    ADD CHECK (successor_id IS NULL OR closed_at IS NOT NULL),
    ADD CHECK (successor_id <> id);
-- A name is free again when who bore it has closed.
DROP INDEX organisations_name;
CREATE UNIQUE INDEX organisations_name ON organisations (kind, name_zh, coalesce(parent_id, '00000000-0000-0000-0000-000000000000')) WHERE closed_at IS NULL;
CREATE INDEX organisations_branch ON organisations (parent_id, name_zh, id);
-- An organisation's people are read by pages, the last to come first.
CREATE INDEX memberships_page ON memberships (org_id, since DESC, id DESC);

-- +goose Down
DROP INDEX memberships_page;
DROP INDEX organisations_branch;
DROP INDEX organisations_name;
ALTER TABLE organisations DROP COLUMN successor_id, DROP COLUMN closed_at, DROP COLUMN ownership;
CREATE UNIQUE INDEX organisations_name ON organisations (kind, name_zh, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'));
