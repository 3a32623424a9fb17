#!lua flags=allow-oom
-- Finds the key that a request shows, and gives it a permit (GCRA), in one round trip.
-- KEYS keys, rate   ARGV digest, interval between requests (ms), burst
-- Says {key as JSON, ms to wait (0 is go), permits left, now (ms)}; nothing for a key that is not there.
-- Twice costs two permits: the pace is slower than it might be, never faster.
local key = redis.call('HGET', KEYS[1], ARGV[1])
if not key then return false end
local interval, burst = tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local at = math.max(tonumber(redis.call('GET', KEYS[2]) or 0), now)
if at - now > interval * burst * 2 then at = now end -- the clock was put back
local wait = at - now - interval * (burst - 1)
if wait > 0 then return { key, math.ceil(wait), 0, math.floor(now) } end
redis.call('SET', KEYS[2], string.format('%.3f', at + interval), 'PX', math.ceil(at - now + interval) + 1000)
return { key, 0, math.floor(burst - (at + interval - now) / interval), math.floor(now) }
