#!lua flags=allow-oom
-- Lifts what stands against an address, and notes it in the roll. Returns 1, or 0 if nothing did.
-- KEYS suppressed:{channel}, subscribers:{channel}, roll   ARGV identity
-- Twice is once: by then nothing stands against it.
local sid = redis.call('HGET', KEYS[2], ARGV[1])
if sid then redis.call('SETBIT', KEYS[3], sid * 32 + 6, 0) end
return redis.call('HDEL', KEYS[1], ARGV[1])
