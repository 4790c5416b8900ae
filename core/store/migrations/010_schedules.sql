-- min_compatible: 10
-- What starts work by the clock. A person says it, or a file in the project's folder.
CREATE TABLE schedules (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects(id),
    name TEXT NOT NULL,
    spec TEXT NOT NULL,                -- JSON: all that was said of it
    time TEXT NOT NULL,                -- of the spec, read again by each pass: when
    zone TEXT NOT NULL,                -- name in the zone database
    anchor_at INTEGER NOT NULL,        -- from which an interval counts
    file TEXT NOT NULL DEFAULT '',     -- path in the project of the file that says it; '': a person
    revision INTEGER NOT NULL DEFAULT 1, -- raised by each change of what is said
    state TEXT NOT NULL,               -- active, paused, paused_by_rule, expired
    pause_reason TEXT NOT NULL DEFAULT '', -- turn_limit_streak, failure_streak; else ''
    typical_steps INTEGER NOT NULL DEFAULT 0, -- when it was paused for its step limit
    next_at INTEGER,                   -- nominal; NULL: none
    due_at INTEGER,                    -- when that is looked at: later than next_at while a chat goes first
    put_back INTEGER NOT NULL DEFAULT 0, -- times in a row that a chat went first
    accounted_at INTEGER NOT NULL,     -- every nominal time up to this has its record
    turn_limit_streak INTEGER NOT NULL DEFAULT 0,
    failure_streak INTEGER NOT NULL DEFAULT 0,
    limit_changed_at INTEGER,          -- of its agent steps; NULL: never
    started_at INTEGER,                -- when its work last really started
    created_by TEXT NOT NULL CHECK (created_by <> ''),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (project_id, name)
);
CREATE INDEX schedules_due ON schedules(due_at) WHERE state = 'active' AND due_at IS NOT NULL;

-- One per firing.
CREATE TABLE firings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id INTEGER NOT NULL REFERENCES schedules(id) ON DELETE CASCADE,
    nominal_at INTEGER,                -- NULL: run now
    cause TEXT NOT NULL,               -- clock, catch_up, person
    task_id INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    run_id INTEGER REFERENCES runs(id) ON DELETE SET NULL,
    status TEXT NOT NULL,              -- starting, queued, running, completed, failed, cancelled, timed_out, not_started
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    fired_at INTEGER NOT NULL,
    claimed_at INTEGER,
    completed_at INTEGER,
    steps INTEGER NOT NULL DEFAULT 0,
    step_limit INTEGER NOT NULL DEFAULT 0, -- at the time; 0: none
    loop_lag_ms INTEGER,               -- p99 of the core's event loop meanwhile; NULL: not measured
    peak_memory INTEGER,               -- bytes of the core meanwhile; NULL: not measured
    chat_streams INTEGER NOT NULL DEFAULT 0,      -- at the claim
    schedules_running INTEGER NOT NULL DEFAULT 0, -- at the claim, with this one
    cost_micro_usd INTEGER             -- NULL: not known
);
CREATE INDEX firings_schedule ON firings(schedule_id, fired_at);
CREATE INDEX firings_open ON firings(id) WHERE completed_at IS NULL;
CREATE INDEX firings_fired ON firings(fired_at);
CREATE INDEX firings_task ON firings(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX firings_run ON firings(run_id) WHERE run_id IS NOT NULL;

-- What became of each nominal time. Of thousands that were missed at once, one row stands for them together.
CREATE TABLE occurrences (
    schedule_id INTEGER NOT NULL REFERENCES schedules(id) ON DELETE CASCADE,
    nominal_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,          -- of those that it stands for; else nominal_at
    count INTEGER NOT NULL DEFAULT 1,
    outcome TEXT NOT NULL,             -- fired, missed, skipped, delayed
    reason TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    firing_id INTEGER,                 -- NULL: it did not fire; of a delayed one: it waits to
    PRIMARY KEY (schedule_id, nominal_at)
) WITHOUT ROWID;
CREATE INDEX occurrences_waiting ON occurrences(schedule_id, nominal_at) WHERE outcome = 'delayed' AND firing_id IS NULL;
CREATE INDEX occurrences_at ON occurrences(at);

-- Which core passes over the schedules, and when it last did.
CREATE TABLE scheduler (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_expires_at INTEGER NOT NULL DEFAULT 0,
    passed_at INTEGER NOT NULL DEFAULT 0
);
INSERT INTO scheduler(id) VALUES (1);
