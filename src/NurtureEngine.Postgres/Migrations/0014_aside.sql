-- min_program: 14
-- outside_transaction
-- Enrollments that were set aside in their lane. Older hosts would end a track without saying so to those who wait for its lane.

DROP INDEX CONCURRENTLY IF EXISTS enrollment_aside;

CREATE INDEX CONCURRENTLY enrollment_aside ON enrollment (lead_id) WHERE held_by @> '{lane}';
