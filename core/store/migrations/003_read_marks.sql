-- min_compatible: 1
-- Up to which message the person has seen a conversation. What was there before counts as seen.
ALTER TABLE conversations ADD COLUMN read_to INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET read_to = coalesce((SELECT max(id) FROM messages WHERE conversation_id = conversations.id), 0);
