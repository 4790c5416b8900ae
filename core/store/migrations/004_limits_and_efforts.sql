-- min_compatible: 1
-- What the provider of a runtime has said of its limits, the newest word of it.
CREATE TABLE runtime_limits (
    runtime TEXT PRIMARY KEY,
    hard INTEGER NOT NULL,             -- 0: only a warning
    reset_at INTEGER,                  -- NULL: nobody said
    rests_until INTEGER NOT NULL,      -- nothing is begun on it before; 0: it is not rested
    detail TEXT NOT NULL DEFAULT '',
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

-- How often in a row the task went back to the queue because of a limit; from then on until it ends it waits for
-- `not_before`.
ALTER TABLE tasks ADD COLUMN put_off INTEGER NOT NULL DEFAULT 0;

-- Sessions of a step that ended by themselves without having done it, so that an agent that gets nowhere is found.
CREATE TABLE step_efforts (
    id INTEGER PRIMARY KEY,
    step_run_id INTEGER NOT NULL REFERENCES step_runs(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    new_reads INTEGER NOT NULL,        -- files that no session of the step had read before
    changed_lines INTEGER NOT NULL     -- of what it left behind
);
CREATE INDEX step_efforts_step ON step_efforts(step_run_id);
CREATE TABLE step_reads (
    step_run_id INTEGER NOT NULL REFERENCES step_runs(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    PRIMARY KEY (step_run_id, path)
) WITHOUT ROWID;
