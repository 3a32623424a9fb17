#!lua flags=allow-oom
-- Lifts what stands against an address, notes it in the roll, and owes an inquiry whom that concerns (nobody is told of
-- a back-off). Returns 1, or 0 if nothing stood against it.
-- KEYS suppressed:{channel}, subscribers:{channel}, roll, contacts:{channel}, due   ARGV identity
-- Twice is once: by then nothing stands against it.
local sid = redis.call('HGET', KEYS[2], ARGV[1])
if sid then redis.call('SETBIT', KEYS[3], sid * 32 + 6, 0) end
local standing, time = redis.call('HGET', KEYS[1], ARGV[1]), redis.call('TIME')
for _, one in ipairs({sid or '', redis.call('HGET', KEYS[4], ARGV[1]) or ''}) do
  if one ~= '' and standing and not cjson.decode(standing).until_ms then
    redis.call('ZADD', KEYS[5], time[1] * 1000, 'inquire:' .. one)
  end
end
return redis.call('HDEL', KEYS[1], ARGV[1])
