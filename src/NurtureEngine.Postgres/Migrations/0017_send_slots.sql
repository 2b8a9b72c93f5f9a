-- min_program: 17
-- Send slots and the jobs that work on them. The scheduler of older hosts goes with its tables: they are fenced out.

CREATE TABLE send_slot (
    channel        text        NOT NULL,
    slot_at        timestamptz NOT NULL,
    job_id         bigint,
    starting_until timestamptz,
    PRIMARY KEY (channel, slot_at)
);

-- Statements about tables take no parameters: format() quotes the names, which come from the catalogue.
DO $$
DECLARE
    gone regclass;
BEGIN
    FOR gone IN
        SELECT c.oid::regclass
          FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'qrtz\_%'
    LOOP
        EXECUTE format('DROP TABLE %s CASCADE', gone);
    END LOOP;
END $$;
