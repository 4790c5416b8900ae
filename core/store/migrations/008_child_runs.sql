-- min_compatible: 8
-- A flow step runs another flow: its run knows whose it is. The key is that of the attempt, so that each starts one.
ALTER TABLE runs ADD COLUMN parent_run INTEGER REFERENCES runs(id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN parent_key TEXT NOT NULL DEFAULT ''; -- run/step[index]#attempt; '': nobody's
CREATE UNIQUE INDEX runs_parent_key ON runs(parent_key) WHERE parent_key <> '';
CREATE INDEX runs_parent ON runs(parent_run) WHERE parent_run IS NOT NULL;

-- What the names of flows in a run's flow, and in theirs, stood for when it was started.
CREATE TABLE run_flows (
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    definition_id INTEGER NOT NULL REFERENCES flow_definitions(id),
    PRIMARY KEY (run_id, name)
) WITHOUT ROWID;

-- Whose turn it is to move a branch.
CREATE TABLE merge_turns (
    repository TEXT NOT NULL,          -- its common git directory
    target TEXT NOT NULL,              -- the branch, as a full ref
    holder TEXT NOT NULL DEFAULT '',   -- the act that has the turn
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    lease_expires_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (repository, target)
) WITHOUT ROWID;
