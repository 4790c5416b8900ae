-- min_compatible: 11
-- The next task of a pool is the first of its rows here, however many wait in this or another pool.
DROP INDEX tasks_queued;
CREATE INDEX tasks_queued ON tasks(pool, source = 'chat' DESC, answered DESC, priority DESC, queued_at)
    WHERE status = 'queued';
CREATE INDEX tasks_forced ON tasks(id) WHERE status = 'queued' AND forced;
