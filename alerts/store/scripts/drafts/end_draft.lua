#!lua flags=allow-oom
-- Takes a draft away for good, if it is still the one that was seen. Returns 1, or 0 if it was gone or replaced.
-- KEYS draft, drafts, due   ARGV id, draft as JSON, end entry   Twice is once: the second finds nothing.
if redis.call('HGET', KEYS[1], 'draft') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[3])
return 1
