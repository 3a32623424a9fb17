#!lua
-- Owes again the rendering of a digest whose rendering failed. Returns 1, or 0 if it did not fail.
-- KEYS digest, due   ARGV render entry, entries of gatherings that go on: for corrections of what it tells
-- Twice is once: the fault is taken away with it.
if redis.call('HDEL', KEYS[1], 'fault') == 0 then return 0 end
for _, entry in ipairs(ARGV) do redis.call('ZADD', KEYS[2], redis.call('TIME')[1] * 1000, entry) end
return 1
