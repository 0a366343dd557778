-- +goose Up
-- A teaching institution's accreditation, one row a step: what holds is read
-- from the last ones, and no row is ever changed.
CREATE TABLE accreditations (
    org_id      uuid NOT NULL REFERENCES organisations (id),
    number      int NOT NULL CHECK (number >= 1), -- without gaps; its key orders two who decide at once
    state       text NOT NULL CHECK (state IN ('applied', 'accredited', 'refused', 'suspended', 'revoked')),
    valid_until date, -- the last day, where the institution is
    reason      text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 2000),
    by_person   uuid REFERENCES people (id), -- NULL: the program
    at          timestamptz NOT NULL,
    PRIMARY KEY (org_id, number),
    CHECK ((state = 'accredited') = (valid_until IS NOT NULL)),
    CHECK (state IN ('applied', 'accredited') OR reason <> '')
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accreditations FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON accreditations EXECUTE FUNCTION refuse_rewriting();

-- Whoever taught before accreditation was kept goes on; departments decide within two years.
INSERT INTO accreditations (org_id, number, state, valid_until, reason, at)
SELECT id, 1, 'accredited', (now() + interval '2 years')::date, '开始登记施教机构认定之前已在本平台施教 / Taught here before accreditation was kept', now()
FROM organisations WHERE kind = 'teaching_institution';

-- +goose Down
DROP TABLE accreditations;
