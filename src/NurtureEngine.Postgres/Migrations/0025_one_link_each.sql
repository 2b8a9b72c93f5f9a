-- min_program: 23
-- A person has one link to choose a password, and one login at an identity provider. Programs before this one may have written more.

DELETE FROM invitation older
 USING invitation newer
 WHERE newer.person_id = older.person_id AND (newer.expires_at, newer.token_hash) > (older.expires_at, older.token_hash);

-- The default is for programs before this one.
ALTER TABLE invitation ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp();

ALTER TABLE invitation ADD UNIQUE (person_id);

DROP INDEX invitation_by_person;

-- It is not known which of several logins is the right one: these people are found by their verified e-mail address again.
DELETE FROM person_login l
 USING person_login other
 WHERE other.person_id = l.person_id AND other.issuer = l.issuer AND other.subject <> l.subject;

-- A later owner of the person's mailbox does not get the person.
ALTER TABLE person_login ADD UNIQUE (person_id, issuer);

DROP INDEX person_login_by_person;
