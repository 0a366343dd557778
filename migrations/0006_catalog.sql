-- +goose Up
CREATE TABLE fields (
    id        text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{0,60}$'),
    parent_id text REFERENCES fields (id),
    name_zh   text NOT NULL,
    name_en   text NOT NULL,
    position  int NOT NULL
);
INSERT INTO fields (id, parent_id, name_zh, name_en, position) VALUES
    ('agriculture', NULL, '现代农业', 'Modern agriculture', 1),
    ('manufacturing', NULL, '现代制造业', 'Modern manufacturing', 2),
    ('information', NULL, '信息技术', 'Information technology', 3),
    ('energy', NULL, '能源技术', 'Energy technology', 4),
    ('management', NULL, '现代管理', 'Modern management', 5),
    ('agriculture-irrigation', 'agriculture', '节水灌溉', 'Irrigation and water saving', 1),
    ('agriculture-protection', 'agriculture', '植物保护', 'Plant protection', 2),
    ('manufacturing-quality', 'manufacturing', '质量与计量', 'Quality and metrology', 1),
    ('manufacturing-automation', 'manufacturing', '自动化', 'Automation', 2),
    ('information-software', 'information', '软件与数据', 'Software and data', 1),
    ('information-security', 'information', '网络与数据安全', 'Network and data security', 2),
    ('energy-renewables', 'energy', '可再生能源', 'Renewable energy', 1),
    ('energy-efficiency', 'energy', '节能', 'Energy efficiency', 2),
    ('management-projects', 'management', '项目管理', 'Project management', 1),
    ('management-safety', 'management', '安全管理', 'Safety management', 2);

CREATE TABLE courses (
    id         uuid PRIMARY KEY,
    org_id     uuid NOT NULL REFERENCES organisations (id),
    -- A running number: it seeds the drawn cover and reads well aloud.
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    created_by uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL,
    -- The version the catalogue shows; NULL until the first is approved.
    published_version_id uuid
);
CREATE INDEX courses_org ON courses (org_id);

CREATE TABLE course_versions (
    id             uuid PRIMARY KEY,
    course_id      uuid NOT NULL REFERENCES courses (id),
    number         int NOT NULL CHECK (number >= 1),
    state          text NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'published', 'superseded')),
    -- Changes with every edit; the ETag of the authoring pages.
    revision       bigint NOT NULL DEFAULT 1,
    subject        text NOT NULL CHECK (subject IN ('professional', 'public')),
    field_id       text REFERENCES fields (id),
    language       text NOT NULL CHECK (language IN ('zh', 'en')),
    title_zh       text NOT NULL DEFAULT '' CHECK (char_length(title_zh) <= 200),
    title_en       text NOT NULL DEFAULT '' CHECK (char_length(title_en) <= 200),
    summary_zh     text NOT NULL DEFAULT '' CHECK (char_length(summary_zh) <= 1000),
    summary_en     text NOT NULL DEFAULT '' CHECK (char_length(summary_en) <= 1000),
    description_zh text NOT NULL DEFAULT '' CHECK (char_length(description_zh) <= 20000),
    description_en text NOT NULL DEFAULT '' CHECK (char_length(description_en) <= 20000),
    outcomes       jsonb NOT NULL DEFAULT '[]',
    proposed_hours numeric(5, 2) CHECK (proposed_hours > 0 AND proposed_hours <= 200),
    hours          numeric(5, 2) CHECK (hours > 0 AND hours <= 200),
    duration_s     int NOT NULL DEFAULT 0,
    caption_languages text[] NOT NULL DEFAULT '{}',
    has_video      boolean NOT NULL DEFAULT false,
    has_document   boolean NOT NULL DEFAULT false,
    search         tsvector NOT NULL DEFAULT ''::tsvector,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    submitted_at   timestamptz,
    submitted_by   uuid REFERENCES people (id),
    decided_at     timestamptz,
    decided_by     uuid REFERENCES people (id),
    published_at   timestamptz,
    UNIQUE (course_id, number),
    CHECK (state <> 'published' OR (hours IS NOT NULL AND published_at IS NOT NULL)),
    -- Nobody decides on what they submitted themselves.
    CHECK (decided_by IS NULL OR decided_by <> submitted_by)
);
CREATE UNIQUE INDEX course_versions_open ON course_versions (course_id) WHERE state IN ('draft', 'submitted', 'returned');
CREATE UNIQUE INDEX course_versions_published ON course_versions (course_id) WHERE state = 'published';
CREATE INDEX course_versions_search ON course_versions USING gin (search) WHERE state = 'published';
CREATE INDEX course_versions_catalogue ON course_versions (published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX course_versions_queue ON course_versions (submitted_at, id) WHERE state = 'submitted';
ALTER TABLE courses ADD FOREIGN KEY (published_version_id) REFERENCES course_versions (id);

CREATE TABLE chapters (
    id         uuid PRIMARY KEY,
    version_id uuid NOT NULL REFERENCES course_versions (id) ON DELETE CASCADE,
    position   int NOT NULL,
    title_zh   text NOT NULL DEFAULT '' CHECK (char_length(title_zh) <= 200),
    title_en   text NOT NULL DEFAULT '' CHECK (char_length(title_en) <= 200),
    UNIQUE (version_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE lessons (
    id          uuid PRIMARY KEY,
    version_id  uuid NOT NULL REFERENCES course_versions (id) ON DELETE CASCADE,
    chapter_id  uuid NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    position    int NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('video', 'document', 'quiz')),
    title_zh    text NOT NULL DEFAULT '' CHECK (char_length(title_zh) <= 200),
    title_en    text NOT NULL DEFAULT '' CHECK (char_length(title_en) <= 200),
    required    boolean NOT NULL DEFAULT true,
    -- video: a packaged asset; document: a PDF asset, or text in Markdown.
    asset_id    uuid REFERENCES media_assets (id),
    body_zh     text NOT NULL DEFAULT '' CHECK (char_length(body_zh) <= 100000),
    body_en     text NOT NULL DEFAULT '' CHECK (char_length(body_en) <= 100000),
    -- Media milliseconds of a video lesson, fixed when the version is published.
    duration_ms bigint NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    UNIQUE (chapter_id, position) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX lessons_version ON lessons (version_id);
CREATE INDEX lessons_asset ON lessons (asset_id);

-- What was decided on a version, by whom and why: one row a decision, never changed.
CREATE TABLE course_reviews (
    id         uuid PRIMARY KEY,
    version_id uuid NOT NULL REFERENCES course_versions (id),
    decision   text NOT NULL CHECK (decision IN ('submitted', 'withdrawn', 'approved', 'returned')),
    hours      numeric(5, 2),
    reason     text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 2000),
    by_person  uuid NOT NULL REFERENCES people (id),
    at         timestamptz NOT NULL,
    CHECK (decision <> 'returned' OR reason <> '')
);
CREATE INDEX course_reviews_version ON course_reviews (version_id, at);

-- +goose Down
DROP TABLE course_reviews, lessons, chapters;
ALTER TABLE courses DROP CONSTRAINT courses_published_version_id_fkey;
DROP TABLE course_versions, courses, fields;
