-- +goose Up
-- A lesson's own questions on what it shows, which presence checks ask. They
-- grade nobody. In the course's language. A draft's may be unfinished.
CREATE TABLE lesson_questions (
    lesson_id  uuid NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    position   int NOT NULL,
    -- What it asks about was shown by then: a moment of a video, or a page of a document, from 1.
    at_ms      bigint NOT NULL CHECK (at_ms BETWEEN 0 AND 86400000),
    page       int NOT NULL CHECK (page >= 0 AND (page = 0 OR at_ms = 0)),
    multiple   boolean NOT NULL, -- more than one choice may be right
    prompt     text NOT NULL CHECK (char_length(prompt) <= 500),
    choices    jsonb NOT NULL CHECK (jsonb_array_length(choices) BETWEEN 2 AND 8), -- of strings
    right_mask int NOT NULL CHECK (right_mask BETWEEN 0 AND 255), -- bit i: choice i is right
    PRIMARY KEY (lesson_id, position)
);

-- +goose Down
DROP TABLE lesson_questions;
