#!lua flags=allow-oom
-- Gives a permit for n messages on a route (GCRA, generic cell rate algorithm), or says how long to wait (ms).
-- KEYS rate   ARGV interval between messages (ms), burst, n   Twice costs the time of n messages more, within that bound.
-- Nothing is owed for longer than a batch beyond the burst takes: where more seems to be, the clock was put back.
local interval, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local most = interval * (burst + 128)
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if at - now > most + 1 then at = now end
local wait = at - now - interval * (burst - 1)
if wait > 0 then return math.ceil(wait) end
local ahead = math.min(at - now + interval * n, most)
redis.call('SET', KEYS[1], string.format('%.3f', now + ahead), 'PX', math.ceil(ahead) + 1000)
return 0
