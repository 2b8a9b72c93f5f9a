-- min_program: 9
-- An event about leads of several lanes, such as a merge, keeps its place in each of them.

-- The other lanes, a bit each; null for an event of one lane.
ALTER TABLE inbox ADD COLUMN also_lanes bigint;

CREATE INDEX inbox_crossing ON inbox (id) WHERE state = 'pending' AND also_lanes IS NOT NULL;
CREATE INDEX inbox_crossing_of_lane ON inbox (lane, id) WHERE state = 'pending' AND also_lanes IS NOT NULL;
