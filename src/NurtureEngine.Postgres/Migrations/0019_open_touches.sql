-- min_program: 17
-- outside_transaction
-- The gate asks what is about to leave to the same leads, and to all leads of an account.

DROP INDEX CONCURRENTLY IF EXISTS touch_open;

CREATE INDEX CONCURRENTLY touch_open ON touch (lead_id) WHERE state IN ('planned', 'claimed', 'deferred');
