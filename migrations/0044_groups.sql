-- +goose Up
CREATE TABLE staff_groups (
    id         uuid PRIMARY KEY,
    org_id     uuid NOT NULL REFERENCES organisations (id),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX staff_groups_name ON staff_groups (org_id, lower(name));

CREATE TABLE staff_group_members (
    group_id uuid NOT NULL REFERENCES staff_groups (id) ON DELETE CASCADE,
    staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (group_id, staff_id)
);
CREATE INDEX staff_group_members_of ON staff_group_members (staff_id);

-- A course that people of an organisation are to take. Whom it concerns is
-- read when it is asked for: whoever comes into a group later has it too.
CREATE TABLE course_assignments (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organisations (id),
    course_id    uuid NOT NULL REFERENCES courses (id),
    due_on       date NOT NULL, -- the last day, where the organisation is
    note         text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    created_by   uuid NOT NULL REFERENCES people (id),
    created_at   timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX course_assignments_page ON course_assignments (org_id, id DESC);
CREATE INDEX course_assignments_due ON course_assignments (due_on) WHERE withdrawn_at IS NULL;

CREATE TABLE course_assignment_targets (
    assignment_id uuid NOT NULL REFERENCES course_assignments (id) ON DELETE CASCADE,
    group_id      uuid REFERENCES staff_groups (id) ON DELETE CASCADE,
    staff_id      uuid REFERENCES staff (id) ON DELETE CASCADE,
    CHECK (num_nonnulls(group_id, staff_id) = 1),
    UNIQUE NULLS NOT DISTINCT (assignment_id, group_id, staff_id)
);
CREATE INDEX course_assignment_targets_group ON course_assignment_targets (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX course_assignment_targets_staff ON course_assignment_targets (staff_id) WHERE staff_id IS NOT NULL;

-- What a person was told of an assignment: each once.
CREATE TABLE course_assignment_tellings (
    assignment_id uuid NOT NULL REFERENCES course_assignments (id) ON DELETE CASCADE,
    person_id     uuid NOT NULL REFERENCES people (id),
    what          text NOT NULL CHECK (what IN ('assigned', 'due-7', 'due-1')),
    at            timestamptz NOT NULL,
    PRIMARY KEY (assignment_id, person_id, what)
);

-- The people of the assignments that hold: one line an assignment and person.
CREATE VIEW course_assignment_people AS
SELECT a.id AS assignment_id, s.id AS staff_id, s.person_id
FROM course_assignments a JOIN course_assignment_targets t ON t.assignment_id = a.id JOIN staff s ON s.id = t.staff_id
WHERE a.withdrawn_at IS NULL
UNION
SELECT a.id, s.id, s.person_id
FROM course_assignments a JOIN course_assignment_targets t ON t.assignment_id = a.id
JOIN staff_group_members g ON g.group_id = t.group_id JOIN staff s ON s.id = g.staff_id
WHERE a.withdrawn_at IS NULL;

-- +goose Down
DROP VIEW course_assignment_people;
DROP TABLE course_assignment_tellings, course_assignment_targets, course_assignments, staff_group_members, staff_groups;
