-- min_program: 23
-- What a person may see of leads, how they read and how they are reached. An older program would let people in without their second step, and keys of
-- people see all leads: it must have stopped. Tables that hold personal data: person.

ALTER TABLE person ADD COLUMN email text;
-- By which invitations and single sign-on find them.
ALTER TABLE person ADD COLUMN email_key text UNIQUE;
-- Null reads by the organisation's clock.
ALTER TABLE person ADD COLUMN time_zone text;
-- Null is by role: salespeople see their own leads, everybody else all.
ALTER TABLE person ADD COLUMN reach text CHECK (reach IN ('own', 'team', 'territory', 'partner', 'all'));
ALTER TABLE person ADD COLUMN team text;
ALTER TABLE person ADD COLUMN countries text[] NOT NULL DEFAULT '{}';
ALTER TABLE person ADD COLUMN partner text;
-- The secret of their authenticator, encrypted; it counts once they have shown a code of it.
ALTER TABLE person ADD COLUMN totp_secret bytea;
ALTER TABLE person ADD COLUMN totp_confirmed boolean NOT NULL DEFAULT false;
-- The codes that were taken lately, and when the last one was: each is good once.
ALTER TABLE person ADD COLUMN totp_used text[] NOT NULL DEFAULT '{}';
ALTER TABLE person ADD COLUMN totp_used_at timestamptz;

CREATE INDEX person_by_team ON person (team) WHERE team IS NOT NULL;

-- For whom the authenticator is lost: hashes, each good once.
CREATE TABLE recovery_code (
    person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    code_hash bytea  NOT NULL,
    PRIMARY KEY (person_id, code_hash)
);

-- Links that let somebody choose a password: hashes of what was mailed.
CREATE TABLE invitation (
    token_hash bytea       PRIMARY KEY,
    person_id  bigint      NOT NULL REFERENCES person ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

CREATE INDEX invitation_by_person ON invitation (person_id);

-- Who a person is at an identity provider.
CREATE TABLE person_login (
    issuer    text   NOT NULL,
    subject   text   NOT NULL,
    person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX person_login_by_person ON person_login (person_id);

-- A key of a person sees what they see.
ALTER TABLE api_key ADD COLUMN person_id bigint REFERENCES person ON DELETE CASCADE;
