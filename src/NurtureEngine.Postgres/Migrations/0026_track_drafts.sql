-- min_program: 23
-- Drafts of tracks: what is drawn and not yet published. The engine never runs one.

CREATE TABLE track_draft (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    definition_id text        NOT NULL,
    -- 'file' is a file that differs from what was published in the designer since the file was read last.
    origin        text        NOT NULL CHECK (origin IN ('designer', 'file')),
    -- The version in force when the draft was begun; 0 where there was none.
    base_number   integer     NOT NULL,
    revision      integer     NOT NULL,
    definition    text        NOT NULL,
    -- The page of the designer that saved last; null for other clients.
    editor        text,
    -- Everyone who has saved the draft.
    authors       text[]      NOT NULL,
    saved_by      text        NOT NULL,
    saved_at      timestamptz NOT NULL,
    UNIQUE (definition_id, origin)
);

-- Who published a version: a user name, 'key/' and the name of an API key, or null for a file and for programs before this one.
ALTER TABLE track_version ADD COLUMN published_by text;

-- The content of the track's file as it was read last; null until this program has read it.
ALTER TABLE track ADD COLUMN file_hash bytea;
