#!lua flags=allow-oom
-- Takes a sender away with the hash of their secret. What came of their mails stays.
-- KEYS senders, sender, sender_secrets   ARGV name   Twice is once: the second finds nothing.
local held = redis.call('HGET', KEYS[2], 'secret')
if held then redis.call('HDEL', KEYS[3], held) end
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('DEL', KEYS[2])
