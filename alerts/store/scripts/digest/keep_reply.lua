#!lua flags=allow-oom
-- Keeps that somebody answered a digest, as long as it is kept itself. Returns 1, or 0 if it is kept no more.
-- KEYS digest, replies   ARGV sid, when and what as JSON   Twice is once: a person answers a digest once, with their last.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
local left = redis.call('PTTL', KEYS[1])
if left > 0 then redis.call('PEXPIRE', KEYS[2], left) end
return 1
