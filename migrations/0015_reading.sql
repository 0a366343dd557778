-- +goose Up
-- How long a document is read at least and at most, as a whole; 0: by its
-- length (catalog.ReadingPlan). Of other lessons both are 0.
ALTER TABLE lessons
    ADD COLUMN min_s int NOT NULL DEFAULT 0 CHECK (min_s BETWEEN 0 AND 86400),
    ADD COLUMN max_s int NOT NULL DEFAULT 0 CHECK (max_s BETWEEN 0 AND 86400),
    ADD CONSTRAINT lessons_reading CHECK (max_s = 0 OR min_s <= max_s);

-- Of a PDF; 0: not counted, as of one that was uploaded before pages were.
ALTER TABLE media_assets ADD COLUMN pages int NOT NULL DEFAULT 0 CHECK (pages >= 0);

-- +goose Down
ALTER TABLE media_assets DROP COLUMN pages;
ALTER TABLE lessons DROP CONSTRAINT lessons_reading, DROP COLUMN min_s, DROP COLUMN max_s;
