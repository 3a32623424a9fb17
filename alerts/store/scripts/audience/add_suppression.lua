#!lua flags=allow-oom
-- Puts an address on the list of those that nothing is sent to. Returns 1, or 0 if it was there.
-- KEYS suppressed   ARGV identity, reason as JSON   Twice is once: the first reason stays. A back-off gives way.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
if standing and not cjson.decode(standing).until_ms then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
