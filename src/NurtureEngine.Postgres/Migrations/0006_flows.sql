-- min_program: 6
-- Flows, whose tokens have a form that older programs can't read; calls; what tells one database from another. Tables that
-- hold personal data: task (its subject); and touch and touch_event, where the words of who approved or returned a touch are
-- an argument.

-- By version first: what a program can't run is never walked over. Those that wait without a date are the rest of each version.
DROP INDEX enrollment_due;
CREATE INDEX enrollment_due ON enrollment (track_version_id, due_at) WHERE state = 0;
CREATE INDEX enrollment_parked_of_version ON enrollment (track_version_id) WHERE state = 3;
CREATE INDEX enrollment_parked_by_id ON enrollment (id) WHERE state = 3;

ALTER TABLE task
    DROP CONSTRAINT task_kind_check,
    DROP CONSTRAINT task_state_check,
    -- The enrollment that asks for it, and with which it is cancelled.
    ADD COLUMN enrollment_id bigint,
    -- What a call is about, in the track's words; it may name the lead.
    ADD COLUMN subject text,
    ADD COLUMN due_at timestamptz,
    -- Who closed it; null where the engine did.
    ADD COLUMN closed_by text,
    ADD COLUMN closed_at timestamptz;

UPDATE task SET closed_at = created_at WHERE state <> 'open';
UPDATE task SET enrollment_id = touch.enrollment_id FROM touch WHERE touch.lead_id = task.lead_id AND touch.id = task.id;

ALTER TABLE task
    ADD CONSTRAINT task_kind_check CHECK (kind IN ('bespoke_email', 'call')),
    ADD CONSTRAINT task_state_check CHECK (state IN ('open', 'done', 'cancelled')),
    ADD CONSTRAINT task_closed_check CHECK ((state = 'open') = (closed_at IS NULL));

CREATE INDEX task_by_id ON task (id);

-- Ids made from counters repeat in each database, messages on the wire must not.
CREATE TABLE installation (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    id      uuid    NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO installation DEFAULT VALUES;
