-- +goose Up
-- What stands of a person's year in the register, so that a list of thousands
-- need not read every entry. Kept by the register itself: whatever appends an
-- entry renews the row in the same transaction. Hundredths of an hour.
CREATE TABLE year_tallies (
    person_id       uuid NOT NULL REFERENCES people (id),
    year            int NOT NULL,
    professional    bigint NOT NULL, -- registered, corrections applied
    public          bigint NOT NULL, -- the same
    public_standing bigint NOT NULL, -- what of the entries is left after their corrections, none below zero; the cap is the policy's
    PRIMARY KEY (person_id, year)
);

CREATE INDEX ledger_entries_corrects ON ledger_entries (corrects) WHERE corrects IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION renew_year_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO year_tallies AS y (person_id, year, professional, public, public_standing)
    SELECT NEW.person_id, NEW.year,
           coalesce(sum(e.hours) FILTER (WHERE e.subject = 'professional'), 0) * 100,
           coalesce(sum(e.hours) FILTER (WHERE e.subject = 'public'), 0) * 100,
           coalesce(sum(greatest(0, e.hours + coalesce(n.net, 0))) FILTER (WHERE e.subject = 'public' AND e.corrects IS NULL), 0) * 100
    FROM ledger_entries e
    LEFT JOIN (SELECT c.corrects, sum(c.hours) AS net FROM ledger_entries c
               WHERE c.person_id = NEW.person_id AND c.year = NEW.year AND c.corrects IS NOT NULL GROUP BY c.corrects) n ON n.corrects = e.index
    WHERE e.person_id = NEW.person_id AND e.year = NEW.year
    ON CONFLICT (person_id, year) DO UPDATE SET
        professional = excluded.professional, public = excluded.public, public_standing = excluded.public_standing;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tally AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION renew_year_tally();

INSERT INTO year_tallies (person_id, year, professional, public, public_standing)
SELECT e.person_id, e.year,
       coalesce(sum(e.hours) FILTER (WHERE e.subject = 'professional'), 0) * 100,
       coalesce(sum(e.hours) FILTER (WHERE e.subject = 'public'), 0) * 100,
       coalesce(sum(greatest(0, e.hours + coalesce(n.net, 0))) FILTER (WHERE e.subject = 'public' AND e.corrects IS NULL), 0) * 100
FROM ledger_entries e
LEFT JOIN (SELECT c.person_id, c.year, c.corrects, sum(c.hours) AS net FROM ledger_entries c WHERE c.corrects IS NOT NULL GROUP BY 1, 2, 3) n
       ON n.corrects = e.index AND n.person_id = e.person_id AND n.year = e.year
GROUP BY e.person_id, e.year;

-- +goose StatementBegin
-- What of a year does not count of a person with several records, because an
-- earlier record was given hours for the course: {professional, public}, to be
-- taken from the sum of their tallies. Not kept: what is taken back in one year
-- may make an entry of another count, and few people have several records.
CREATE FUNCTION repeated_hours(person uuid, of_year int) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    records uuid[] := same_people(person);
BEGIN
    RETURN (
        WITH again AS (
            SELECT e.index, e.subject, e.hours FROM ledger_entries e
            WHERE e.person_id = ANY (records) AND e.year = of_year AND e.kind = 'registered' AND EXISTS (
                SELECT FROM ledger_entries x
                WHERE x.person_id = ANY (records) AND x.person_id <> e.person_id AND x.course_id = e.course_id AND x.kind = 'registered' AND x.index < e.index
                  AND x.hours + coalesce((SELECT sum(c.hours) FROM ledger_entries c WHERE c.corrects = x.index), 0) > 0)),
        corrected AS (
            SELECT a.index, c.subject, c.hours FROM again a JOIN ledger_entries c ON c.corrects = a.index
            WHERE c.person_id = ANY (records) AND c.year = of_year)
        SELECT ARRAY[
            (SELECT coalesce(sum(hours), 0) * 100 FROM (SELECT * FROM again UNION ALL SELECT * FROM corrected) both_of_them WHERE subject = 'professional'),
            (SELECT coalesce(sum(greatest(0, a.hours + coalesce((SELECT sum(c.hours) FROM corrected c WHERE c.index = a.index), 0))), 0) * 100
             FROM again a WHERE a.subject = 'public')]::bigint[]);
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION repeated_hours(uuid, int);
DROP TRIGGER tally ON ledger_entries;
DROP FUNCTION renew_year_tally();
DROP TABLE year_tallies;
DROP INDEX ledger_entries_corrects;
