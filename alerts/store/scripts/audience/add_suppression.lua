#!lua flags=allow-oom
-- Suppresses an address, notes it in the roll, and owes an inquiry whom that concerns. Returns 1 for a new reason, 0 if
-- there is one already.
-- KEYS suppressed:{channel}, subscribers:{channel}, roll, contacts:{channel}, due
-- ARGV identity, the reason as JSON, 1 to give it anew
-- Twice is once: the first reason stays, or the same is given again. A back-off gives way.
local standing = redis.call('HGET', KEYS[1], ARGV[1])
local new = (not standing or cjson.decode(standing).until_ms) and 1 or 0
if new == 0 and ARGV[3] ~= '1' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local sid = redis.call('HGET', KEYS[2], ARGV[1])
if sid then redis.call('SETBIT', KEYS[3], sid * 32 + 6, 1) end
local time = redis.call('TIME')
for _, one in ipairs({sid or '', redis.call('HGET', KEYS[4], ARGV[1]) or ''}) do
  if one ~= '' then redis.call('ZADD', KEYS[5], time[1] * 1000, 'inquire:' .. one) end
end
return new
