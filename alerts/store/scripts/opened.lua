#!lua flags=allow-oom
-- Closes the opening of a slot: the clock moves on, and its entry waits for the next slot.
-- KEYS clock, due   ARGV slot, entry, next slot (ms), late: the openings that made up for several slots, or ''
-- Twice is once: only the slot being opened is closed.
if redis.call('HGET', KEYS[1], 'opening') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'opened', ARGV[1], 'late', ARGV[4])
redis.call('HDEL', KEYS[1], 'opening', 'began')
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
return 1
