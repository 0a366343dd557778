-- +goose Up
-- What a person wants otherwise than the product has it.
CREATE TABLE notice_preferences (
    person_id  uuid NOT NULL REFERENCES people (id),
    kind       text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 60),
    in_product boolean NOT NULL,
    mail       text NOT NULL CHECK (mail IN ('now', 'digest', 'off')),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, kind)
);

-- Where a person's mornings are; without a row, where their employer is.
CREATE TABLE notice_zones (
    person_id  uuid PRIMARY KEY REFERENCES people (id),
    zone       text NOT NULL CHECK (char_length(zone) BETWEEN 1 AND 64)
);

-- +goose Down
DROP TABLE notice_zones, notice_preferences;
