#!lua flags=allow-oom
-- Gives a turn back. Returns 1, or 0 where it was over and somebody else has it by now.
-- KEYS turn   ARGV who had it
-- Twice is once: what was given back is nobody's.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
