-- min_program: 23
-- Invented leads that run through a track whenever it is saved, with the way that they are expected to take.

CREATE TABLE track_trial (
    definition_id text        NOT NULL,
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- The query of the page that tries tracks.
    lead          text        NOT NULL,
    -- The ids of steps in their order, and how it ends.
    expected      text[]      NOT NULL,
    saved_by      text        NOT NULL,
    saved_at      timestamptz NOT NULL,
    PRIMARY KEY (definition_id, name)
);
