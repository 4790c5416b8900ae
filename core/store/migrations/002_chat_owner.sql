-- min_compatible: 1
-- Who answers for a message until it is settled: the process (as leases name it) that is to send it or to write its
-- answer. Another process leaves it alone until that one is proven dead.
ALTER TABLE messages ADD COLUMN owner TEXT NOT NULL DEFAULT '';
CREATE INDEX messages_task ON messages(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX messages_queued ON messages(id) WHERE status = 'queued';
