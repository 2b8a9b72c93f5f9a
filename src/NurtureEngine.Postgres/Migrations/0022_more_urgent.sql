-- min_program: 17
-- outside_transaction
-- The gate asks whether anything waits that is more urgent than its group, and then for which leads: the indexes answer both without the rows.

DROP INDEX CONCURRENTLY IF EXISTS touch_behind;

CREATE INDEX CONCURRENTLY touch_behind ON touch (priority) WHERE state = 'deferred' AND code = 'priority.behind';

DROP INDEX CONCURRENTLY IF EXISTS touch_more_urgent;

CREATE INDEX CONCURRENTLY touch_more_urgent ON touch (lead_id, priority) WHERE state IN ('planned', 'claimed', 'deferred');

DROP INDEX CONCURRENTLY IF EXISTS touch_open;
