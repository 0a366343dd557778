-- +goose Up
-- Who a person is one with: records of one person point at the one that stays.
-- The register, the evidence and the certificates go on naming the record they
-- were made for, and whoever sums them up asks same_people.
ALTER TABLE people
    ADD COLUMN merged_into uuid REFERENCES people (id) CHECK (merged_into <> id),
    -- The account was deleted; the record stays for what the law keeps.
    ADD COLUMN erased_at timestamptz;
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- +goose StatementBegin
-- All records of the person that a record is of, itself among them.
CREATE FUNCTION same_people(person uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(id) FROM (
        SELECT coalesce(merged_into, id) AS id FROM people WHERE id = person
        UNION
        SELECT id FROM people WHERE merged_into = (SELECT coalesce(merged_into, id) FROM people WHERE id = person)) all_of_them
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- One step leads to the record that stays, never a chain or a ring, and what
-- was put together is not taken apart. The caller has locked both.
CREATE FUNCTION people_one_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM people WHERE id = NEW.merged_into AND merged_into IS NOT NULL)
       OR OLD.merged_into IS NULL AND EXISTS (SELECT FROM people WHERE merged_into = NEW.id) THEN
        RAISE EXCEPTION 'records are merged into the one that stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER one_step BEFORE UPDATE OF merged_into ON people FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION people_one_step();

CREATE TABLE identity_documents (
    person_id   uuid PRIMARY KEY REFERENCES people (id),
    kind        text NOT NULL CHECK (kind IN ('resident_card', 'residence_permit', 'mainland_permit', 'taiwan_permit', 'passport', 'other')),
    -- A keyed hash over kind and number: equal ones are found, none is readable.
    number_hash bytea NOT NULL CHECK (octet_length(number_hash) = 32),
    -- {"name", "number"}, sealed for 'identity:' || person_id.
    sealed      bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT identity_documents_number UNIQUE (number_hash)
);

CREATE TABLE merge_requests (
    id         uuid PRIMARY KEY,
    joining_id uuid NOT NULL REFERENCES people (id), -- who entered the number again
    keeper_id  uuid NOT NULL REFERENCES people (id) CHECK (keeper_id <> joining_id), -- whose number it is
    org_id     uuid REFERENCES organisations (id), -- the nearest that both belong below; NULL: the roots decide
    kind       text NOT NULL,
    -- What was entered, sealed for 'merge:' || id; NULL: no longer needed.
    sealed     bytea,
    note       text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'merged', 'refused', 'withdrawn')),
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid REFERENCES people (id),
    reason     text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 2000),
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state IN ('merged', 'refused')) = (decided_by IS NOT NULL)),
    CHECK (state NOT IN ('merged', 'refused') OR reason <> ''),
    -- Nobody decides about themselves.
    CHECK (decided_by NOT IN (joining_id, keeper_id))
);
CREATE UNIQUE INDEX merge_requests_open ON merge_requests (joining_id) WHERE state = 'open';
CREATE INDEX merge_requests_joining ON merge_requests (joining_id, created_at DESC);
CREATE INDEX merge_requests_keeper ON merge_requests (keeper_id);
CREATE INDEX merge_requests_queue ON merge_requests (state, created_at, id);

-- +goose Down
DROP TABLE merge_requests, identity_documents;
DROP TRIGGER one_step ON people;
DROP FUNCTION people_one_step;
DROP FUNCTION same_people;
ALTER TABLE people DROP COLUMN merged_into, DROP COLUMN erased_at;
