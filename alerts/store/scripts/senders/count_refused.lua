#!lua flags=allow-oom
-- Counts a refused mail, with who sent it if their secret is in it; says how many there were since operators were
-- notified last, if they are to be now, or 0.
-- KEYS count, whether they were notified, sender   ARGV ms between two notices, ms to keep the count, why (or none)
-- Twice costs a number in a notice: one mail is counted twice.
if ARGV[3] ~= '' and redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('HINCRBY', KEYS[3], 'refused', 1)
  redis.call('HSET', KEYS[3], 'why', ARGV[3])
end
local n = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
return n
