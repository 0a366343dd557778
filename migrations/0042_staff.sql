-- +goose Up
-- An organisation's own list of its people. Whoever was imported stands here
-- from the import on, and is a person of the product's only once they have
-- accepted: an organisation that knows an address learns nothing by it.
CREATE TABLE staff (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organisations (id),
    person_id    uuid REFERENCES people (id),
    name         text NOT NULL DEFAULT '' CHECK (char_length(name) <= 100), -- as the organisation wrote it
    email        text CHECK (char_length(email) BETWEEN 3 AND 254),
    email_folded text CHECK (char_length(email_folded) <= 254),
    employee_no  text NOT NULL DEFAULT '' CHECK (char_length(employee_no) <= 40),
    position     text NOT NULL DEFAULT '' CHECK (char_length(position) <= 100),
    department   text NOT NULL DEFAULT '' CHECK (char_length(department) <= 100),
    role         text NOT NULL DEFAULT 'professional' CHECK (role IN ('professional', 'instructor')),
    locale       text NOT NULL DEFAULT 'zh-CN' CHECK (locale IN ('zh-CN', 'en')),
    hired_on     date,
    created_at   timestamptz NOT NULL,
    invited_at   timestamptz,
    joined_at    timestamptz,
    CHECK ((email IS NULL) = (email_folded IS NULL)),
    CHECK (email IS NOT NULL OR person_id IS NOT NULL),
    CHECK (joined_at IS NULL OR person_id IS NOT NULL)
);
CREATE UNIQUE INDEX staff_mail ON staff (org_id, email_folded) WHERE email_folded IS NOT NULL;
CREATE UNIQUE INDEX staff_person ON staff (org_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX staff_number ON staff (org_id, employee_no) WHERE employee_no <> '';
CREATE INDEX staff_page ON staff (org_id, id);
CREATE INDEX staff_of ON staff (person_id) WHERE person_id IS NOT NULL;

-- +goose Down
DROP TABLE staff;
