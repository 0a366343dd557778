-- +goose Up
-- +goose StatementBegin
-- The union of two sets of segments, a bit each. After Redis was lost two
-- servers may know different ones of a session, and all of them were sent.
CREATE FUNCTION study_union(a bytea, b bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    long  bytea := CASE WHEN length(a) >= length(b) THEN a ELSE b END;
    short bytea := CASE WHEN length(a) >= length(b) THEN b ELSE a END;
BEGIN
    FOR i IN 0 .. length(short) - 1 LOOP
        IF get_byte(long, i) | get_byte(short, i) <> get_byte(long, i) THEN
            long := set_byte(long, i, get_byte(long, i) | get_byte(short, i));
        END IF;
    END LOOP;
    RETURN long;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION study_union;
