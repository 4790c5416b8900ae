-- min_compatible: 1
-- The first schema. Times are UTC milliseconds, ids are integers, NULL is "none"; docs/store.md says who
-- writes what and for how long it is kept. Texts of closed lists are those of core/events/reasons.h and
-- of the row types' headers; lists that only code writes are not repeated as CHECKs.

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,               -- JSON
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,         -- canonical
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    trusted_at INTEGER,                -- NULL: not trusted
    trusted_by TEXT NOT NULL DEFAULT '',
    trust_hash TEXT NOT NULL DEFAULT '' -- of what was trusted; another hash is not trusted
);

CREATE TABLE flow_definitions (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,         -- SHA-256 of the text
    name TEXT NOT NULL,
    origin TEXT NOT NULL,              -- builtin, person, project
    path TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects(id),
    number INTEGER NOT NULL,           -- counts within the project
    flow TEXT NOT NULL,
    definition_id INTEGER NOT NULL REFERENCES flow_definitions(id),
    inputs TEXT,                       -- JSON
    status TEXT NOT NULL,
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    unattended INTEGER NOT NULL DEFAULT 0,
    yes INTEGER NOT NULL DEFAULT 0,
    runtime TEXT NOT NULL DEFAULT '',
    cancel_requested_at INTEGER,
    rerun_of INTEGER REFERENCES runs(id) ON DELETE SET NULL,
    created_by TEXT NOT NULL CHECK (created_by <> ''),
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0,
    tokens_cached INTEGER NOT NULL DEFAULT 0,
    cost_micro_usd INTEGER,            -- NULL: unknown
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    lease_expires_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (project_id, number)
);
CREATE INDEX runs_active ON runs(id) WHERE ended_at IS NULL;

CREATE TABLE step_runs (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    step_id TEXT NOT NULL,             -- as in the flow file
    item_index INTEGER NOT NULL DEFAULT -1, -- of a foreach; -1: not an item
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    output_text TEXT,
    output_json TEXT,
    exit_code INTEGER,
    ready_at INTEGER,
    started_at INTEGER,
    ended_at INTEGER,
    due_at INTEGER,                    -- moment of a delay, a timeout or a backoff
    worktree_id INTEGER REFERENCES worktrees(id) ON DELETE SET NULL,
    task_id INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0,
    tokens_cached INTEGER NOT NULL DEFAULT 0,
    cost_micro_usd INTEGER,
    UNIQUE (run_id, step_id, item_index)
);

CREATE TABLE attempts (
    step_run_id INTEGER NOT NULL REFERENCES step_runs(id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    task_id INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    outcome TEXT,                      -- ok, error, cancelled, lost; NULL: not ended
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    output TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (step_run_id, attempt)
) WITHOUT ROWID;

CREATE TABLE intents (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,          -- run/step[index]#attempt, or another act's key
    run_id INTEGER REFERENCES runs(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    data TEXT,                         -- JSON: all that is needed to act
    state TEXT NOT NULL,               -- recorded, done
    result TEXT,                       -- JSON
    recorded_at INTEGER NOT NULL,
    done_at INTEGER
);
CREATE INDEX intents_run ON intents(run_id) WHERE run_id IS NOT NULL;
CREATE INDEX intents_open ON intents(id) WHERE state = 'recorded';

CREATE TABLE pools (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    cap INTEGER CHECK (cap IS NULL OR cap >= 0), -- NULL: no cap
    shares_id INTEGER REFERENCES pools(id),      -- its tasks also take a slot there
    keeps_slot INTEGER NOT NULL DEFAULT 0        -- a waiting task keeps its slot
);
INSERT INTO pools(id, name, cap, shares_id, keeps_slot) VALUES
    (1, 'scheduled', 2, NULL, 0), (2, 'flow', 2, NULL, 0), (3, 'chat', NULL, NULL, 1), (4, 'manual', NULL, 1, 0);

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,                   -- of the act that made it, so that it is made once
    project_id INTEGER REFERENCES projects(id),
    run_id INTEGER REFERENCES runs(id) ON DELETE CASCADE,
    step_run_id INTEGER REFERENCES step_runs(id) ON DELETE SET NULL,
    conversation_id INTEGER REFERENCES conversations(id) ON DELETE SET NULL,
    session_id INTEGER REFERENCES sessions(id) ON DELETE SET NULL,
    source TEXT NOT NULL CHECK (source IN ('chat', 'schedule', 'flow', 'board', 'manual')),
    source_ref TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL CHECK (created_by <> ''),
    kind TEXT NOT NULL,                -- agent, shell
    pool TEXT NOT NULL,                -- the first one, for people
    priority INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0, -- came back from waiting: goes before new work
    status TEXT NOT NULL,
    failure_reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    exit_code INTEGER,
    signal INTEGER,
    created_at INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER,
    ended_at INTEGER,
    deadline_at INTEGER,
    cancel_requested_at INTEGER,
    slot_claimed_at INTEGER,           -- NULL: holds no slot
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    lease_expires_at INTEGER NOT NULL DEFAULT 0,
    turns INTEGER NOT NULL DEFAULT 0,
    tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0,
    tokens_cached INTEGER NOT NULL DEFAULT 0,
    cost_micro_usd INTEGER,
    retry_of INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    superseded_by INTEGER REFERENCES tasks(id) ON DELETE SET NULL
);
CREATE INDEX tasks_queued ON tasks(answered DESC, priority DESC, queued_at) WHERE status = 'queued';
CREATE INDEX tasks_holding ON tasks(id) WHERE slot_claimed_at IS NOT NULL;
CREATE INDEX tasks_leased ON tasks(lease_expires_at) WHERE lease_expires_at > 0;
CREATE INDEX tasks_open ON tasks(id) WHERE ended_at IS NULL;
CREATE INDEX tasks_run ON tasks(run_id) WHERE run_id IS NOT NULL;

-- What a task is to do: large, written once, kept apart from the row that every heartbeat rewrites.
CREATE TABLE task_specs (
    task_id INTEGER PRIMARY KEY REFERENCES tasks(id) ON DELETE CASCADE,
    prompt TEXT NOT NULL DEFAULT '',
    runtime_asked TEXT NOT NULL DEFAULT '',
    model_asked TEXT NOT NULL DEFAULT '',
    profile TEXT NOT NULL DEFAULT '',
    runtime TEXT NOT NULL DEFAULT '',  -- resolved
    model TEXT NOT NULL DEFAULT '',
    resolve_reason TEXT NOT NULL DEFAULT '',
    max_turns INTEGER,
    budget_micro_usd INTEGER,
    budget_tokens INTEGER,
    manifest TEXT,                     -- JSON: documents, files, skills, estimated tokens
    data TEXT,                         -- JSON: what else the kind needs (command, folder, environment)
    output TEXT                        -- JSON: what it made
);

CREATE TABLE task_pools (
    task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
    pool_id INTEGER NOT NULL REFERENCES pools(id),
    PRIMARY KEY (task_id, pool_id)
) WITHOUT ROWID;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    project_id INTEGER REFERENCES projects(id),
    conversation_id INTEGER REFERENCES conversations(id) ON DELETE SET NULL,
    task_id INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    native_id TEXT NOT NULL DEFAULT '', -- the runtime's own, to resume it
    runtime TEXT NOT NULL,
    model TEXT NOT NULL DEFAULT '',
    profile TEXT NOT NULL DEFAULT '',
    cwd TEXT NOT NULL,
    marker TEXT NOT NULL DEFAULT '',   -- in its processes' environment
    pid INTEGER NOT NULL DEFAULT 0,
    pid_start INTEGER NOT NULL DEFAULT 0, -- the system's start time of that pid
    owner TEXT NOT NULL DEFAULT '',    -- lease owner of the node that runs it
    state TEXT NOT NULL,               -- starting, idle, busy, waiting, ended
    turns INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    active_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_reason TEXT,
    end_detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_open ON sessions(id) WHERE ended_at IS NULL;

-- The event log. Its sequence number is the primary key and never used again (AUTOINCREMENT), because
-- readers go on from the last one they saw.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    project_id INTEGER,
    run_id INTEGER,
    step_id INTEGER,
    task_id INTEGER,
    session_id INTEGER,
    conversation_id INTEGER,
    inbox_id INTEGER,
    source TEXT NOT NULL,
    data TEXT                          -- JSON
);
CREATE INDEX events_run ON events(run_id) WHERE run_id IS NOT NULL;
CREATE INDEX events_task ON events(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX events_session ON events(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX events_conversation ON events(conversation_id) WHERE conversation_id IS NOT NULL;

-- What streams said, merged into chunks that are never changed once written.
CREATE TABLE stream_chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER,
    task_id INTEGER,
    channel TEXT NOT NULL,             -- text, thinking, tool, terminal
    message_key TEXT NOT NULL,
    offset INTEGER NOT NULL,           -- UTF-16 units of this channel and key before this chunk
    replaces INTEGER NOT NULL DEFAULT 0, -- tool output that replaces what was said before
    at INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX stream_session ON stream_chunks(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX stream_task ON stream_chunks(task_id) WHERE session_id IS NULL;

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,                   -- so that the same thing is never asked twice
    kind TEXT NOT NULL,                -- permission, approval, question, warning, failure
    status TEXT NOT NULL DEFAULT 'open', -- open, answered, withdrawn
    project_id INTEGER REFERENCES projects(id),
    run_id INTEGER,
    step_id INTEGER,
    task_id INTEGER,
    session_id INTEGER,
    conversation_id INTEGER,
    title TEXT NOT NULL,
    body TEXT,                         -- JSON: exactly what is asked
    answer TEXT NOT NULL DEFAULT '',   -- yes, no, or an option's id
    message TEXT NOT NULL DEFAULT '',
    scope TEXT NOT NULL DEFAULT '',    -- once, task, always
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    answered_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX inbox_open ON inbox(id) WHERE status = 'open';

CREATE TABLE permission_rules (
    id INTEGER PRIMARY KEY,
    project_id INTEGER REFERENCES projects(id) ON DELETE CASCADE, -- NULL: every project
    profile TEXT NOT NULL DEFAULT '',  -- empty: every profile
    tool_kind TEXT NOT NULL,
    pattern TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    scope TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL CHECK (created_by <> ''),
    created_at INTEGER NOT NULL,
    used_count INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL CHECK (who <> ''),
    what TEXT NOT NULL,
    scope TEXT NOT NULL DEFAULT '',
    refs TEXT,                         -- JSON, as in events
    data TEXT
);

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    project_id INTEGER REFERENCES projects(id),
    title TEXT NOT NULL DEFAULT '',
    runtime TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    profile TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER
);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    role TEXT NOT NULL,                -- person, assistant, note
    status TEXT NOT NULL,              -- queued, pending, streaming, complete, interrupted, error
    text TEXT NOT NULL DEFAULT '',
    thinking TEXT NOT NULL DEFAULT '',
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    task_id INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
    session_id INTEGER REFERENCES sessions(id) ON DELETE SET NULL,
    turn INTEGER NOT NULL DEFAULT 0,
    attachments TEXT,                  -- JSON
    created_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX messages_conversation ON messages(conversation_id);
CREATE INDEX messages_open ON messages(id) WHERE status IN ('pending', 'streaming');

CREATE TABLE worktrees (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects(id),
    run_id INTEGER REFERENCES runs(id) ON DELETE SET NULL,
    step_run_id INTEGER REFERENCES step_runs(id) ON DELETE SET NULL,
    project_root TEXT NOT NULL,
    path TEXT NOT NULL,
    git_dir TEXT NOT NULL,
    common_dir TEXT NOT NULL,
    branch TEXT NOT NULL,
    target TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '',
    base_commit TEXT NOT NULL,
    head_commit TEXT NOT NULL DEFAULT '', -- the last commit made by Muster
    state TEXT NOT NULL,               -- active, merged, dropped, kept
    created_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX worktrees_run ON worktrees(run_id) WHERE run_id IS NOT NULL;

-- Edits of an interrupted attempt, set aside under a ref of the repository.
CREATE TABLE salvage_refs (
    id INTEGER PRIMARY KEY,
    worktree_id INTEGER NOT NULL REFERENCES worktrees(id) ON DELETE CASCADE,
    step_run_id INTEGER REFERENCES step_runs(id) ON DELETE SET NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    ref TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

-- Full text, in place: the indexes hold no second copy of the text and are fed behind, in idle batches.
CREATE VIEW event_texts(seq, text) AS
    SELECT seq, (SELECT group_concat(atom, ' ') FROM json_tree(events.data) WHERE type = 'text')
    FROM events WHERE data IS NOT NULL;
CREATE VIRTUAL TABLE event_search USING fts5(
    text, content = 'event_texts', content_rowid = 'seq', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE stream_search USING fts5(
    text, content = 'stream_chunks', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE message_search USING fts5(
    text, content = 'messages', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE search_progress (
    name TEXT PRIMARY KEY,
    last_id INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO search_progress(name, last_id) VALUES ('event', 0), ('stream', 0), ('message', 0);
