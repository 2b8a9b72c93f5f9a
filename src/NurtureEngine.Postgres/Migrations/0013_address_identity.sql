-- min_program: 13
-- All addresses are identities by now, brought there by the program (AddressIdentityStep) before this runs.

ALTER TABLE lead DROP COLUMN address;
