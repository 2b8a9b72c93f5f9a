-- min_program: 17
-- Send slots and the jobs that work on them; alerts. The scheduler of older hosts goes with its tables: they are fenced out.

CREATE TABLE send_slot (
    channel        text        NOT NULL,
    slot_at        timestamptz NOT NULL,
    job_id         bigint,
    -- Until when a host has it in hand to make a job.
    starting_until timestamptz,
    -- When the last job was made.
    started_at     timestamptz,
    PRIMARY KEY (channel, slot_at)
);

-- Alerts to colleagues in a chat.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;

ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('email', 'webhook', 'alert'));

-- Statements about tables take no parameters: format() quotes the names, which come from the catalogue.
DO $$
DECLARE
    gone regclass;
BEGIN
    -- Older hosts begin each transaction of theirs with a row of it.
    IF to_regclass('qrtz_locks') IS NOT NULL THEN
        LOCK TABLE qrtz_locks;
    END IF;
    FOR gone IN
        SELECT c.oid::regclass
          FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'qrtz\_%'
    LOOP
        EXECUTE format('DROP TABLE %s CASCADE', gone);
    END LOOP;
END $$;
