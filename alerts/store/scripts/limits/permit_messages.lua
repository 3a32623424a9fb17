#!lua flags=allow-oom
-- Gives a permit for n messages on a route (GCRA, generic cell rate algorithm), or says how long to wait (ms).
-- KEYS rate   ARGV interval between messages (ms), burst, n   Twice costs the time of n messages more, never less.
-- A permit is never given for more than a batch ahead: where it seems so, the clock was put back.
local interval, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if at - now > interval * (burst + 128) then at = now end
local wait = at - now - interval * (burst - 1)
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', at + interval * n), 'PX', math.ceil(at - now + interval * n) + 1000)
return 0
