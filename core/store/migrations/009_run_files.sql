-- min_compatible: 9
-- Who moves a branch waits in a queue: the first of it has the turn. What was held by an earlier version is free.
DROP TABLE merge_turns;
CREATE TABLE merge_turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they came
    repository TEXT NOT NULL,             -- its common git directory
    target TEXT NOT NULL,                 -- the branch, as a full ref
    holder TEXT NOT NULL,                 -- the act that has the turn, or waits for it
    lease_owner TEXT NOT NULL,
    lease_epoch INTEGER NOT NULL DEFAULT 1,
    lease_expires_at INTEGER NOT NULL,    -- its place is gone then
    UNIQUE (repository, target, holder)
);

-- Profiles, skills and teams as they were when the run was started; runs of flow steps use those of the outermost run.
CREATE TABLE run_files (
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    folder TEXT NOT NULL,  -- agents, skills, teams
    name TEXT NOT NULL,
    origin TEXT NOT NULL,  -- project, user, built-in
    path TEXT NOT NULL,
    hides TEXT NOT NULL,   -- JSON: those of the same name that it hides
    content TEXT NOT NULL,
    PRIMARY KEY (run_id, folder, name)
) WITHOUT ROWID;
