-- min_program: 14
-- outside_transaction
-- Planned touches by the time at which they are due, channel by channel: what leaves when.

DROP INDEX CONCURRENTLY IF EXISTS touch_slots;

CREATE INDEX CONCURRENTLY touch_slots ON touch (channel, due_at) WHERE state = 'planned';
