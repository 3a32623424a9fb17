#!lua flags=allow-oom
-- Pauses a feed, or has it polled again. Returns 1, or 0 if it is not there.
-- KEYS feed, due   ARGV state, when to poll (ms), poll entry, field, value, …   Twice is once: the same is written again.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
if ARGV[1] == 'active' then redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3]) else redis.call('ZREM', KEYS[2], ARGV[3]) end
return 1
