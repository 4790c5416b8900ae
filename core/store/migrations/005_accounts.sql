-- min_compatible: 5
-- Further accounts of runtimes. The first account of each has no name ('' elsewhere) and no row: it is what the
-- program finds by itself. Keys are in the keychain, only the names of their variables are here.
CREATE TABLE accounts (
    runtime TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    config_home TEXT NOT NULL DEFAULT '', -- where the program finds its sign-in; '': as for the first account
    keys TEXT,                            -- JSON: names of variables
    created_at INTEGER NOT NULL,
    PRIMARY KEY (runtime, name)
) WITHOUT ROWID;

-- Which account a session works with.
ALTER TABLE sessions ADD COLUMN account TEXT NOT NULL DEFAULT '';

-- What is known of limits is known of an account.
CREATE TABLE account_limits (
    runtime TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT '',
    hard INTEGER NOT NULL,             -- 0: only a warning
    used_percent INTEGER,              -- of the limit; NULL: nobody said
    reset_at INTEGER,                  -- NULL: nobody said
    rests_until INTEGER NOT NULL,      -- nothing is begun on it before; 0: it is not rested
    detail TEXT NOT NULL DEFAULT '',
    seen_at INTEGER NOT NULL,          -- 0: nothing was ever said of a limit
    used_at INTEGER NOT NULL DEFAULT 0, -- a session began with it; kept where there are several accounts
    PRIMARY KEY (runtime, account)
) WITHOUT ROWID;
INSERT INTO account_limits(runtime, hard, reset_at, rests_until, detail, seen_at)
    SELECT runtime, hard, reset_at, rests_until, detail, seen_at FROM runtime_limits;
DROP TABLE runtime_limits;
