-- min_program: 23
-- outside_transaction
-- A country has so many leads that walking over all of them finds the first page as fast; the index only made facts slower.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_country;

-- People search by the beginning of a name, in whatever order the database sorts. Long values, which would not fit into an index, are left out.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_name;

CREATE INDEX CONCURRENTLY lead_by_name ON lead (lower(fields->>'name') text_pattern_ops) WHERE length(fields->>'name') <= 300;

DROP INDEX CONCURRENTLY IF EXISTS account_by_name;

CREATE INDEX CONCURRENTLY account_by_name ON account (lower(fields->>'name') text_pattern_ops) WHERE length(fields->>'name') <= 300;
