-- min_compatible: 11
-- A person let it begin although a pool of it was full: its slots are counted, and none is asked for.
ALTER TABLE tasks ADD COLUMN forced INTEGER NOT NULL DEFAULT 0;
-- What is left of the time that its work may take, while it does not work (it is queued, or waits for a person); the
-- moment is in deadline_at while it works. NULL: as long as it needs.
ALTER TABLE tasks ADD COLUMN time_left_ms INTEGER;
-- Lost by its owner while it held no slot: who claims it goes on with what that one began.
ALTER TABLE tasks ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
-- What its next call may cost, from before the call until its cost is known.
ALTER TABLE tasks ADD COLUMN reserved_micro_usd INTEGER NOT NULL DEFAULT 0;

-- How long the work of a task may take that says nothing else; NULL: as long as it needs.
ALTER TABLE pools ADD COLUMN deadline_ms INTEGER;
UPDATE pools SET deadline_ms = 1200000 WHERE name IN ('scheduled', 'manual');

-- What all work of a day cost, added up as tasks count it: tasks outlive midnight.
CREATE TABLE day_costs (
    day TEXT PRIMARY KEY,              -- of the machine's zone: 2026-11-22
    cost_micro_usd INTEGER NOT NULL
) WITHOUT ROWID;
