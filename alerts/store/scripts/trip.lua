#!lua flags=allow-oom
-- Opens a route's breaker, longer with every failure in a row. Returns how long (ms).
-- KEYS breaker   ARGV why, at least (ms), first (ms), longest (ms)
-- Twice is harmless: while it is open it is not lengthened.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local till = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
if till > now then return till - now end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local wait = math.max(tonumber(ARGV[2]), math.min(ARGV[3] * 2 ^ math.min(failures - 1, 12), tonumber(ARGV[4])))
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait), 'why', ARGV[1])
return wait
