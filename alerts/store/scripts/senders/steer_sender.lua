#!lua flags=allow-oom
-- Says whether what a sender sends is taken. Returns 0 if they are gone.
-- KEYS sender   ARGV state   Twice is once: the same is written again.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
return 1
