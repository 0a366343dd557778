-- +goose Up
-- What is credited stays pending until a presence check confirms it.
ALTER TABLE study_people
    -- Credited since the last passed check, in any lesson, by sessions that have ended.
    ADD COLUMN unchecked_ms   bigint NOT NULL DEFAULT 0,
    -- An accommodation: how long the person's window for a check is.
    ADD COLUMN window_percent smallint NOT NULL DEFAULT 100 CHECK (window_percent IN (100, 200, 500));

ALTER TABLE study_beats ADD COLUMN IF NOT EXISTS presence smallint;

-- A reading lesson may be text, without an asset. Its positions are reading
-- time, page by page: each page has unit_ms of it, and need_s of them complete
-- it. Of a video (unit_ms 0) need_s of the whole.
ALTER TABLE study_sessions
    ALTER COLUMN asset_id DROP NOT NULL,
    ADD COLUMN unit_ms      int NOT NULL DEFAULT 0 CHECK (unit_ms >= 0),
    ADD COLUMN need_s       int NOT NULL DEFAULT 0,
    ADD COLUMN window_ms    int NOT NULL DEFAULT 120000,
    -- The person's when it opened.
    ADD COLUMN unchecked_ms bigint NOT NULL DEFAULT 0;
UPDATE study_sessions SET need_s = ceil(ceil(duration_ms / 1000.0) * 0.95);

ALTER TABLE study_lessons
    ADD COLUMN pending_ms   bigint NOT NULL DEFAULT 0,
    ADD COLUMN forfeited_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN unchecked_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_s    int NOT NULL DEFAULT 0,
    -- A bit a second that is covered, but not confirmed.
    ADD COLUMN pending      bytea NOT NULL DEFAULT '',
    -- The open check; empty: none.
    ADD COLUMN check_id     bytea NOT NULL DEFAULT '',
    -- Until when it may be answered; 0: study is paused.
    ADD COLUMN check_by_ms  bigint NOT NULL DEFAULT 0,
    ADD COLUMN check_seq    int NOT NULL DEFAULT 0,
    ADD COLUMN check_wrong  boolean NOT NULL DEFAULT false,
    ADD COLUMN check_extended boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE study_lessons DROP COLUMN pending_ms, DROP COLUMN forfeited_ms, DROP COLUMN unchecked_ms, DROP COLUMN pending_s, DROP COLUMN pending,
    DROP COLUMN check_id, DROP COLUMN check_by_ms, DROP COLUMN check_seq, DROP COLUMN check_wrong, DROP COLUMN check_extended;
DELETE FROM study_sessions WHERE asset_id IS NULL;
ALTER TABLE study_sessions ALTER COLUMN asset_id SET NOT NULL,
    DROP COLUMN unit_ms, DROP COLUMN need_s, DROP COLUMN window_ms, DROP COLUMN unchecked_ms;
ALTER TABLE study_people DROP COLUMN unchecked_ms, DROP COLUMN window_percent;
