-- +goose Up
-- What a name is found by: every character of it, and every pair of neighbours,
-- in lower case. A part of a name has no pair that the name has not, in any
-- script and without a dictionary; strpos then tells which names really hold it.
-- +goose StatementBegin
CREATE FUNCTION name_pairs(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT x), '{}') FROM (
        SELECT substr(lower(name), i, n) AS x FROM generate_series(1, char_length(lower(name))) i, (VALUES (1), (2)) v (n)
        WHERE i + n - 1 <= char_length(lower(name))) pairs
$$;
-- +goose StatementEnd
CREATE INDEX people_name_pairs ON people USING gin (name_pairs(name));
CREATE INDEX organisations_name_pairs ON organisations USING gin (name_pairs(name_zh || ' ' || name_en));

-- +goose Down
DROP INDEX people_name_pairs, organisations_name_pairs;
DROP FUNCTION name_pairs(text);
