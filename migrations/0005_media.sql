-- +goose Up
CREATE TABLE media_assets (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organisations (id),
    kind         text NOT NULL CHECK (kind IN ('video', 'document')),
    -- As the author's machine called it: shown, never used as a path.
    filename     text NOT NULL CHECK (char_length(filename) BETWEEN 1 AND 255),
    size_bytes   bigint NOT NULL CHECK (size_bytes > 0),
    part_size    bigint NOT NULL CHECK (part_size > 0),
    -- Numbers of the parts that have arrived; emptied when the upload is complete.
    parts        int[] NOT NULL DEFAULT '{}',
    state        text NOT NULL CHECK (state IN ('uploading', 'queued', 'probing', 'packaging', 'ready', 'failed')),
    progress     int NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    failure_code text NOT NULL DEFAULT '',
    failure      text NOT NULL DEFAULT '',
    -- Of a video that is ready: milliseconds of every segment and the renditions
    -- (media.Manifest), read whole and never searched.
    duration_ms  bigint NOT NULL DEFAULT 0,
    width        int NOT NULL DEFAULT 0,
    height       int NOT NULL DEFAULT 0,
    manifest     jsonb,
    created_by   uuid NOT NULL REFERENCES people (id),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK ((state = 'failed') = (failure_code <> '')),
    CHECK (state <> 'ready' OR kind <> 'video' OR manifest IS NOT NULL)
);
-- Ids are UUIDv7: their order is the order of creation.
CREATE INDEX media_assets_org ON media_assets (org_id, id DESC);

CREATE TABLE media_captions (
    asset_id   uuid NOT NULL REFERENCES media_assets (id) ON DELETE CASCADE,
    language   text NOT NULL CHECK (language IN ('zh', 'en')),
    -- [{"from_ms": …, "to_ms": …, "text": …}, …] in order.
    cues       jsonb NOT NULL,
    cue_count  int NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (asset_id, language)
);

-- +goose Down
DROP TABLE media_captions, media_assets;
