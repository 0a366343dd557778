-- +goose Up
-- Every kind of organisation stands in one tree: authority over a node is
-- authority over what is below it, whatever kind the node is.
CREATE TABLE organisations (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('personnel_department', 'industry_department', 'teaching_institution', 'employer', 'association')),
    level      text CHECK (level IN ('national', 'provincial', 'municipal', 'county')),
    name_zh    text NOT NULL CHECK (char_length(name_zh) BETWEEN 1 AND 200),
    name_en    text NOT NULL DEFAULT '' CHECK (char_length(name_en) <= 200),
    parent_id  uuid REFERENCES organisations (id),
    -- Self and all ancestors, nearest first, so that "is below" is one index look-up.
    lineage    uuid[] NOT NULL,
    time_zone  text NOT NULL DEFAULT 'Asia/Shanghai',
    created_at timestamptz NOT NULL,
    CHECK (lineage[1] = id),
    CHECK ((kind = 'personnel_department') = (level IS NOT NULL))
);
CREATE INDEX organisations_lineage ON organisations USING gin (lineage);
CREATE INDEX organisations_parent ON organisations (parent_id);
CREATE UNIQUE INDEX organisations_name ON organisations (kind, name_zh, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'));

-- +goose Down
DROP TABLE organisations;
