-- min_program: 17
-- outside_transaction
-- The gate asks whether anything waits that is more urgent than its group, and then for which leads: the indexes answer both without the rows.

DROP INDEX CONCURRENTLY IF EXISTS touch_behind;

CREATE INDEX CONCURRENTLY touch_behind ON touch (priority) WHERE state = 'deferred' AND code = 'priority.behind';

DROP INDEX CONCURRENTLY IF EXISTS touch_more_urgent;

CREATE INDEX CONCURRENTLY touch_more_urgent ON touch (lead_id, priority) WHERE state IN ('planned', 'claimed', 'deferred');

DROP INDEX CONCURRENTLY IF EXISTS touch_open;

-- People search by the beginning of an address, in whatever order the database sorts.
DROP INDEX CONCURRENTLY IF EXISTS lead_address_beginning;

CREATE INDEX CONCURRENTLY lead_address_beginning ON lead_address (address text_pattern_ops);

DROP INDEX CONCURRENTLY IF EXISTS account_identity_beginning;

CREATE INDEX CONCURRENTLY account_identity_beginning ON account_identity (external_id text_pattern_ops);

-- Who may see the leads of some owners or of a partner only finds them without walking over all others.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_owner;

CREATE INDEX CONCURRENTLY lead_by_owner ON lead (lower(fields->>'owner.email'), id) WHERE fields->>'owner.email' IS NOT NULL;

DROP INDEX CONCURRENTLY IF EXISTS lead_by_partner;

CREATE INDEX CONCURRENTLY lead_by_partner ON lead ((fields->>'custom.partner'), id) WHERE fields->>'custom.partner' IS NOT NULL;
