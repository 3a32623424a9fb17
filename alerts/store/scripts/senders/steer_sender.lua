#!lua flags=allow-oom
-- Says whether what a sender sends is taken. Returns 0 if they are gone, or it was so before.
-- KEYS sender   ARGV state   Twice is once: the second changes nothing.
if redis.call('EXISTS', KEYS[1]) == 0 or (redis.call('HGET', KEYS[1], 'state') or 'active') == ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
return 1
