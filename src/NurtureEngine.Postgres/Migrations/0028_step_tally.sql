-- min_program: 23
-- How often the steps of a version were entered and passed, by the day on which the enrollment entered the track. Added to in the transaction of the turn:
-- each batch writes rows of its own, so that hosts do not wait for each other, and a duty folds them into one row for each step and day.

CREATE TABLE step_tally (
    track_version_id integer NOT NULL,
    -- In UTC.
    entered_on       date    NOT NULL,
    step             text    NOT NULL,
    entered          bigint  NOT NULL,
    passed           bigint  NOT NULL,
    is_folded        boolean NOT NULL DEFAULT false
);

CREATE UNIQUE INDEX step_tally_folded ON step_tally (track_version_id, entered_on, step) WHERE is_folded;
CREATE INDEX step_tally_new ON step_tally (track_version_id) WHERE NOT is_folded;

-- Enrollments of earlier programs were not counted: the first day from which all were, a day after the last host of such a program. Null where there
-- were none.
CREATE TABLE step_tally_start (
    is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    counts_from date
);

INSERT INTO step_tally_start (counts_from)
SELECT CASE WHEN EXISTS (SELECT FROM enrollment) THEN (now() AT TIME ZONE 'UTC')::date + 1 END;
