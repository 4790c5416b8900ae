-- min_compatible: 7
-- How a run was run again from the one in rerun_of. NULL: it was not.
ALTER TABLE runs ADD COLUMN rerun_mode TEXT;                    -- whole, from, failed, skip, edited
ALTER TABLE runs ADD COLUMN rerun_step TEXT NOT NULL DEFAULT ''; -- from, skip
-- Where its worktrees begin; '': at the commit of the main tree when the first of them is made.
ALTER TABLE runs ADD COLUMN base_commit TEXT NOT NULL DEFAULT '';
-- Where the one begins that its steps share, with what the earlier run had made; '': as the others.
ALTER TABLE runs ADD COLUMN begins_at TEXT NOT NULL DEFAULT '';

-- The earlier run that did the step; NULL: this one. It may be gone.
ALTER TABLE step_runs ADD COLUMN kept_from INTEGER;
