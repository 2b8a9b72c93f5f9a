-- min_program: 17
-- outside_transaction
-- Channels are claimed one by one.

DROP INDEX CONCURRENTLY IF EXISTS touch_claim;

CREATE INDEX CONCURRENTLY touch_claim ON touch (channel, priority DESC, due_at) WHERE state = 'planned';

DROP INDEX CONCURRENTLY IF EXISTS touch_planned;
