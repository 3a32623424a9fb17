#!lua flags=allow-oom
-- Suppresses an address, and notes it in the roll. Returns 1 for a new reason, 0 if there is one already.
-- KEYS suppressed:{channel}, subscribers:{channel}, roll   ARGV identity, the reason as JSON, 1 to give it anew
-- Twice is once: the first reason stays, or the same is given again. A back-off gives way.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
local new = (not standing or cjson.decode(standing).until_ms) and 1 or 0
if new == 1 or ARGV[3] == '1' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end
local sid = redis.call('HGET', KEYS[2], ARGV[1])
if new == 1 and sid then redis.call('SETBIT', KEYS[3], sid * 32 + 6, 1) end
return new
