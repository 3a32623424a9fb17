#!lua flags=allow-oom
-- Adds people to a digest, or to those it leaves out, before its recipients are frozen.
-- KEYS digest, recipients or excluded   ARGV sid…   Twice is once: after the freeze nobody is added any more.
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'open' then return 0 end
return redis.call('SADD', KEYS[2], unpack(ARGV))
