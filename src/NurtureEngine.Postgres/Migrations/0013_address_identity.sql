-- min_program: 13
-- All addresses are identities by now, brought there by the program (AddressIdentityStep) before this runs.

-- An older host that has not heard of it yet would have written leads behind the step: then this start fails, and the next one finds them.
LOCK TABLE lead IN ACCESS EXCLUSIVE MODE;
DO $$
BEGIN
    IF EXISTS (SELECT FROM lead l WHERE l.address IS NOT NULL AND NOT EXISTS (SELECT FROM lead_address a WHERE a.lead_id = l.id)) THEN
        RAISE EXCEPTION 'An older host still writes leads: end it, and start again.';
    END IF;
END $$;

ALTER TABLE lead DROP COLUMN address;
