-- +goose Up
-- An organisation's OpenID Connect provider.
CREATE TABLE sign_in_providers (
    org_id        uuid PRIMARY KEY REFERENCES organisations (id),
    enabled       boolean NOT NULL DEFAULT false,
    issuer        text NOT NULL DEFAULT '' CHECK (char_length(issuer) <= 255),
    client_id     text NOT NULL DEFAULT '' CHECK (char_length(client_id) <= 255),
    secret_sealed bytea, -- for "oidc-secret:" and the organisation's id
    claim         text NOT NULL DEFAULT '' CHECK (char_length(claim) <= 100),
    rules         jsonb NOT NULL DEFAULT '[]',
    -- Confirmed by a department above: the provider vouches for addresses in them.
    domains       text[] NOT NULL DEFAULT '{}' CHECK (cardinality(domains) <= 20),
    revision      bigint NOT NULL CHECK (revision >= 1),
    updated_at    timestamptz NOT NULL,
    CHECK (NOT enabled OR (issuer <> '' AND client_id <> ''))
);

-- A sign-in under way at a provider. Hashes alone: this row finishes nothing.
CREATE TABLE sign_in_flows (
    state_hash   bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
    org_id       uuid NOT NULL REFERENCES organisations (id),
    issuer       text NOT NULL,
    back         text NOT NULL,
    person_id    uuid REFERENCES people (id), -- who wants the link; NULL: a sign-in
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sign_in_flows_expiry ON sign_in_flows (expires_at);

-- Who a provider's subject is here.
CREATE TABLE sign_in_links (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    org_id     uuid NOT NULL REFERENCES organisations (id),
    issuer     text NOT NULL,
    subject    text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    UNIQUE (org_id, issuer, subject)
);
CREATE INDEX sign_in_links_person ON sign_in_links (person_id, created_at);

-- +goose Down
DROP TABLE sign_in_links, sign_in_flows, sign_in_providers;
