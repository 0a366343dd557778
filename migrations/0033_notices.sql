-- +goose Up
-- What is told to people, written in the transaction of what it tells of.
CREATE TABLE notices (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 60),
    person_id    uuid REFERENCES people (id),
    -- Where mail goes instead of to the person's own address.
    address      text NOT NULL DEFAULT '' CHECK (char_length(address) <= 254),
    locale       text NOT NULL DEFAULT 'zh-CN' CHECK (locale IN ('zh-CN', 'en')),
    facts        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(facts) = 'object'),
    path         text NOT NULL DEFAULT '',
    link_purpose text NOT NULL DEFAULT '',
    link_id      uuid,
    -- Whom it is told to, as Once tells it: the person, or the folded address.
    addressee    text NOT NULL,
    once         text CHECK (char_length(once) BETWEEN 1 AND 200),
    shown        boolean NOT NULL, -- in the product too
    at           timestamptz NOT NULL,
    read_at      timestamptz,
    CHECK (person_id IS NOT NULL OR address <> ''),
    CHECK ((link_purpose = '') = (link_id IS NULL))
);
CREATE UNIQUE INDEX notices_once ON notices (kind, addressee, once) WHERE once IS NOT NULL;
CREATE INDEX notices_list ON notices (person_id, id DESC) WHERE shown;
CREATE INDEX notices_unread ON notices (person_id) WHERE shown AND read_at IS NULL;
CREATE INDEX notices_age ON notices (at);

-- One row a mail: of one notice, and then under its id, or of a day's digest.
--   waiting    to be written, or to be tried again
--   handing    the server has the text and has not yet said that it takes it:
--              the one state after which nobody knows whether it was delivered
--   sent       the server took it
--   digest     waits for the digest; digested: went with the digest of digest_id
--   off        not wanted; nobody: no address; held: the address bounced before
--   refused    for good; late: given up after days of trying
CREATE TABLE mails (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    person_id  uuid REFERENCES people (id),
    state      text NOT NULL CHECK (state IN ('waiting', 'handing', 'sent', 'digest', 'digested', 'off', 'nobody', 'held', 'refused', 'late')),
    tries      int NOT NULL DEFAULT 0,
    doubts     int NOT NULL DEFAULT 0, -- how often it was handed over without an answer, and so may have arrived once more
    detail     text NOT NULL DEFAULT '' CHECK (char_length(detail) <= 500), -- what the server said last
    digest_id  uuid REFERENCES mails (id) ON DELETE SET NULL,
    day        date, -- of a digest, where the person lives
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX mails_digest_once ON mails (person_id, day) WHERE day IS NOT NULL;
CREATE INDEX mails_for_digest ON mails (person_id) WHERE state = 'digest';
CREATE INDEX mails_of_digest ON mails (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX mails_age ON mails (created_at);

-- +goose Down
DROP TABLE mails, notices;
