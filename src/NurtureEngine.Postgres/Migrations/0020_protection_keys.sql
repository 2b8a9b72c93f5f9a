-- min_program: 17
-- The keys of cookies and forms, shared by all hosts.

CREATE TABLE protection_key (
    name       text        PRIMARY KEY,
    -- The framework's XML; with a configured wrapping key: nonce, tag and the encrypted XML.
    secret     bytea       NOT NULL,
    is_wrapped boolean     NOT NULL,
    created_at timestamptz NOT NULL
);
