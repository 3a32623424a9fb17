#!lua flags=allow-oom
-- Makes entries due now that a sweep has pushed away for bells which could not be rung.
-- KEYS due   ARGV entry…   Twice is harmless: what is gone stays gone, and nothing becomes due later than it was.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, entry in ipairs(ARGV) do redis.call('ZADD', KEYS[1], 'XX', 'LT', now, entry) end
