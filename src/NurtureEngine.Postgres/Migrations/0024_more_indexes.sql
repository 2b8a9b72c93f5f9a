-- min_program: 23
-- outside_transaction
-- For a track's page: those who have left it, the latest first. Enrollments enter the index when they end, so the track runner pays nothing for it.
DROP INDEX CONCURRENTLY IF EXISTS enrollment_over;

CREATE INDEX CONCURRENTLY enrollment_over ON enrollment (track_id, id) WHERE ended_at IS NOT NULL;

-- For people who may see only the leads of certain owners or of a partner. Long values, which would not fit into an index, are left out.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_owner;

CREATE INDEX CONCURRENTLY lead_by_owner ON lead (lower(fields->>'owner.email'), id) WHERE length(fields->>'owner.email') <= 300;

DROP INDEX CONCURRENTLY IF EXISTS lead_by_partner;

CREATE INDEX CONCURRENTLY lead_by_partner ON lead ((fields->>'custom.partner'), id) WHERE length(fields->>'custom.partner') <= 300;

-- People search by the beginning of a name, in whatever order the database sorts. Long values are left out here too.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_name;

CREATE INDEX CONCURRENTLY lead_by_name ON lead (lower(fields->>'name') text_pattern_ops) WHERE length(fields->>'name') <= 300;

DROP INDEX CONCURRENTLY IF EXISTS account_by_name;

CREATE INDEX CONCURRENTLY account_by_name ON account (lower(fields->>'name') text_pattern_ops) WHERE length(fields->>'name') <= 300;
