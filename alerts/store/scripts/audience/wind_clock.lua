#!lua flags=allow-oom
-- Tells whether a clock is not running though it serves an audience, or running though it serves none; may mend.
-- KEYS the clock's audiences, clock, clocks, due   ARGV clock, last slot there was (ms), 1 to mend
-- Twice is once. A clock that stood still is looked at now: opening finds by itself which slot is next.
local audiences, clock, clocks, due = unpack(KEYS)
local name, entry, serves = ARGV[1], 'open:' .. ARGV[1], redis.call('EXISTS', audiences) == 1
local listed = redis.call('SISMEMBER', clocks, name) == 1
local opened = redis.call('HEXISTS', clock, 'opened') == 1
local waits = redis.call('ZSCORE', due, entry) ~= false
if listed == serves and opened == serves and waits == serves then return 0 end
if ARGV[3] ~= '1' then return 1 end
if serves then
  redis.call('SADD', clocks, name)
  redis.call('HSETNX', clock, 'opened', ARGV[2])
  redis.call('ZADD', due, 'NX', redis.call('TIME')[1] * 1000, entry)
else
  redis.call('DEL', clock)
  redis.call('SREM', clocks, name)
  redis.call('ZREM', due, entry)
end
return 1
