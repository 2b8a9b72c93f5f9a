-- min_program: 23
-- Enrollments that move to a version that was published over theirs, a group of steps at a time. Moved by a loop, so that millions are no one transaction.

CREATE TABLE track_move (
    version_id  integer     PRIMARY KEY REFERENCES track_version,
    track_id    integer     NOT NULL REFERENCES track,
    -- Pairs: those who stand at this step of this version move.
    from_ids    integer[]   NOT NULL,
    steps       text[]      NOT NULL,
    -- The lead up to which all have been looked at.
    after_lead  bigint      NOT NULL DEFAULT 0,
    moved       bigint      NOT NULL DEFAULT 0,
    begun_at    timestamptz NOT NULL,
    ended_at    timestamptz
);

CREATE INDEX track_move_open ON track_move (version_id) WHERE ended_at IS NULL;
