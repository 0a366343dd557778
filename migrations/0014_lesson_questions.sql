-- +goose Up
-- A lesson's own questions on what it shows, which presence checks ask. They
-- grade nobody. In the lesson's language.
CREATE TABLE lesson_questions (
    id         uuid PRIMARY KEY,
    lesson_id  uuid NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    position   int NOT NULL,
    -- What it asks about was shown by then, on the lesson's line of positions.
    at_ms      bigint NOT NULL CHECK (at_ms BETWEEN 0 AND 86400000),
    kind       text NOT NULL CHECK (kind IN ('single', 'multiple')),
    prompt     text NOT NULL CHECK (char_length(prompt) BETWEEN 1 AND 500),
    choices    jsonb NOT NULL CHECK (jsonb_array_length(choices) BETWEEN 2 AND 8), -- of strings
    right_mask int NOT NULL CHECK (right_mask BETWEEN 1 AND 255), -- bit i: choice i is right
    UNIQUE (lesson_id, position) DEFERRABLE INITIALLY DEFERRED
);

-- +goose Down
DROP TABLE lesson_questions;
