-- +goose Up
CREATE TABLE enrolments (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    course_id    uuid NOT NULL REFERENCES courses (id),
    version_id   uuid NOT NULL REFERENCES course_versions (id),
    enrolled_at  timestamptz NOT NULL,
    studied_at   timestamptz,
    completed_at timestamptz,
    UNIQUE (person_id, version_id)
);
CREATE INDEX enrolments_person ON enrolments (person_id, enrolled_at DESC);
CREATE INDEX enrolments_version ON enrolments (version_id);

CREATE TABLE lesson_completions (
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    lesson_id    uuid NOT NULL REFERENCES lessons (id),
    completed_at timestamptz NOT NULL,
    PRIMARY KEY (enrolment_id, lesson_id)
);

ALTER TABLE quiz_attempts ADD FOREIGN KEY (enrolment_id) REFERENCES enrolments (id);

-- +goose Down
ALTER TABLE quiz_attempts DROP CONSTRAINT quiz_attempts_enrolment_id_fkey;
DROP TABLE lesson_completions, enrolments;
