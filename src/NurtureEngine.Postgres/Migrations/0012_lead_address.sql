-- min_program: 12
-- Where a lead is written to, by channel. An older program writes addresses in another spelling, by which an unsubscribe would not be found: it must
-- have stopped before the next step. Tables that hold personal data: lead_address.

CREATE TABLE lead_address (
    lead_id bigint NOT NULL REFERENCES lead,
    channel text   NOT NULL,
    -- As suppression and caps know it: the identity, which is one for all spellings of a mailbox.
    address text   NOT NULL,
    PRIMARY KEY (lead_id, channel)
);

CREATE INDEX lead_address_by_address ON lead_address (channel, address);
