-- +goose Up
-- What a person wrote down at a moment of a lesson. The id is the client's, so
-- that what was written without a line can be sent again until it is answered.
CREATE TABLE notes (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    lesson_id  uuid NOT NULL REFERENCES lessons (id),
    at_ms      int NOT NULL CHECK (at_ms >= 0),
    text       text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX notes_lesson ON notes (person_id, lesson_id, at_ms, id);

-- +goose Down
DROP TABLE notes;
