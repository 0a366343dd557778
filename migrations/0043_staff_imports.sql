-- +goose Up
CREATE TABLE staff_imports (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organisations (id),
    created_by   uuid NOT NULL REFERENCES people (id),
    filename     text NOT NULL CHECK (char_length(filename) BETWEEN 1 AND 200),
    size_bytes   bigint NOT NULL CHECK (size_bytes > 0),
    state        text NOT NULL CHECK (state IN ('uploading', 'checking', 'mapping', 'checked', 'applying', 'done', 'failed')),
    reason       text NOT NULL DEFAULT '', -- of a failed one, a code
    headings     jsonb NOT NULL DEFAULT '[]',
    columns      jsonb NOT NULL DEFAULT '{}', -- field: place of its column
    format       text NOT NULL DEFAULT '',
    rows_total   int NOT NULL DEFAULT 0,
    rows_bad     int NOT NULL DEFAULT 0,
    rows_warned  int NOT NULL DEFAULT 0,
    rows_chosen  int NOT NULL DEFAULT 0,
    rows_added   int NOT NULL DEFAULT 0,
    rows_changed int NOT NULL DEFAULT 0,
    rows_left    int NOT NULL DEFAULT 0, -- chosen, and taken by somebody else meanwhile
    created_at   timestamptz NOT NULL,
    checked_at   timestamptz,
    ended_at     timestamptz,
    applied_by   uuid REFERENCES people (id)
);
CREATE INDEX staff_imports_page ON staff_imports (org_id, id DESC);

-- Beside the import and not in it: it is written while the import itself is
-- held by the transaction that applies it.
CREATE UNLOGGED TABLE staff_import_progress (
    import_id uuid PRIMARY KEY,
    done      bigint NOT NULL,
    total     bigint NOT NULL
);

CREATE TABLE staff_import_rows (
    import_id    uuid NOT NULL REFERENCES staff_imports (id) ON DELETE CASCADE,
    row          int NOT NULL, -- as the file counts, from 1
    name         text NOT NULL,
    email        text NOT NULL,
    email_folded text NOT NULL,
    employee_no  text NOT NULL,
    position     text NOT NULL,
    department   text NOT NULL,
    group_name   text NOT NULL,
    role         text NOT NULL,
    hired_on     date,
    problems     jsonb NOT NULL DEFAULT '[]', -- [{"field", "code", "more"}]
    bad          boolean NOT NULL,
    warned       boolean NOT NULL,
    chosen       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (import_id, row)
);

-- +goose Down
DROP TABLE staff_import_rows, staff_import_progress, staff_imports;
