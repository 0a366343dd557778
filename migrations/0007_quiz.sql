-- +goose Up
CREATE TABLE quizzes (
    id               uuid PRIMARY KEY,
    lesson_id        uuid NOT NULL UNIQUE REFERENCES lessons (id) ON DELETE CASCADE,
    -- Share of the points, in percent, that passes.
    pass_mark        int NOT NULL DEFAULT 60 CHECK (pass_mark BETWEEN 1 AND 100),
    -- NULL: as often as one likes.
    attempts_allowed int CHECK (attempts_allowed BETWEEN 1 AND 100),
    time_limit_s     int CHECK (time_limit_s BETWEEN 60 AND 86400)
);

CREATE TABLE questions (
    id             uuid PRIMARY KEY,
    quiz_id        uuid NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
    position       int NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('single_choice', 'multiple_choice', 'true_false')),
    stem_zh        text NOT NULL CHECK (char_length(stem_zh) <= 4000),
    stem_en        text NOT NULL CHECK (char_length(stem_en) <= 4000),
    explanation_zh text NOT NULL DEFAULT '' CHECK (char_length(explanation_zh) <= 4000),
    explanation_en text NOT NULL DEFAULT '' CHECK (char_length(explanation_en) <= 4000),
    points         int NOT NULL DEFAULT 1 CHECK (points BETWEEN 1 AND 100),
    -- [{"id": "a", "text": {"zh": …, "en": …}, "correct": true}, …]
    choices        jsonb NOT NULL,
    UNIQUE (quiz_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE quiz_attempts (
    id           uuid PRIMARY KEY,
    quiz_id      uuid NOT NULL REFERENCES quizzes (id),
    enrolment_id uuid NOT NULL,
    person_id    uuid NOT NULL REFERENCES people (id),
    number       int NOT NULL CHECK (number >= 1),
    started_at   timestamptz NOT NULL,
    due_at       timestamptz,
    submitted_at timestamptz,
    points       int,
    points_total int,
    passed       boolean,
    UNIQUE (enrolment_id, quiz_id, number),
    CHECK ((submitted_at IS NULL) = (passed IS NULL))
);
CREATE UNIQUE INDEX quiz_attempts_open ON quiz_attempts (enrolment_id, quiz_id) WHERE submitted_at IS NULL;
CREATE INDEX quiz_attempts_person ON quiz_attempts (person_id);

CREATE TABLE quiz_answers (
    attempt_id  uuid NOT NULL REFERENCES quiz_attempts (id),
    question_id uuid NOT NULL REFERENCES questions (id),
    choices     text[] NOT NULL,
    saved_at    timestamptz NOT NULL,
    correct     boolean,
    PRIMARY KEY (attempt_id, question_id)
);

-- +goose Down
DROP TABLE quiz_answers, quiz_attempts, questions, quizzes;
