-- min_compatible: 13
-- What a schedule allows a run of its flow; 0: nothing beyond what the flow says.
ALTER TABLE runs ADD COLUMN budget_micro_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN max_turns INTEGER NOT NULL DEFAULT 0;   -- agent steps of all its agents together
ALTER TABLE runs ADD COLUMN deadline_ms INTEGER NOT NULL DEFAULT 0; -- of its work, waiting not counted
ALTER TABLE runs ADD COLUMN worked_ms INTEGER NOT NULL DEFAULT 0;   -- of that deadline, told now and then

-- The deadline of a schedule did not hold for flows, and the default of prompts was in the way.
UPDATE schedules SET spec = json_set(spec, '$.deadline_ms', 0) WHERE coalesce(json_extract(spec, '$.flow'), '') <> '';

-- Of how a firing ended, to tell whether the next one brought something else; '': it has not ended, or was stopped.
ALTER TABLE firings ADD COLUMN result TEXT NOT NULL DEFAULT '';
