-- min_compatible: 14
-- Whatever holds a slot is leased, so that one index serves the count of slots and the look for leases: a claim
-- and an end each write a page less.
DROP INDEX tasks_holding;
DROP INDEX tasks_leased;
CREATE INDEX tasks_leased ON tasks(slot_claimed_at) WHERE lease_expires_at > 0;
