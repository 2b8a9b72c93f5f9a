-- min_program: 23
-- Tokens by which other platforms know this engine, one for each account, shared by all hosts.

CREATE TABLE access_token (
    -- Such as wechat:wx0123456789abcdef.
    account    text        PRIMARY KEY,
    -- Counts the tokens, so that a host knows whether what was refused was still the latest one.
    generation int         NOT NULL,
    -- Null while none could be had.
    secret     bytea,
    is_wrapped boolean     NOT NULL,
    -- By the clock of the database.
    expires_at timestamptz,
    -- Why the last attempt failed; null if it did not.
    fault      text,
    tried_at   timestamptz NOT NULL
);

-- How far those who followed an account before it was connected have been read.
CREATE TABLE follower_import (
    account     text        PRIMARY KEY,
    -- After whom the next page begins; empty for the beginning.
    next_openid text        NOT NULL,
    done        int         NOT NULL,
    total       int         NOT NULL,
    -- Why the last page could not be read; null if it could.
    fault       text,
    -- By the clock of the database: when it is tried again after a fault.
    retry_at    timestamptz NOT NULL,
    finished_at timestamptz
);
