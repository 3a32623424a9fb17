#!lua
-- Lets a held revision into the log now, by making its match due. Returns 1, or 0 if it is held no more.
-- KEYS update, due, reviews   ARGV ref, number, match entry   Twice is once: the match is due since the first.
local update, due, reviews = unpack(KEYS)
local ref, number, entry = unpack(ARGV)
if redis.call('HEXISTS', update, 'a:' .. number) == 1 then return 0 end
if redis.call('HEXISTS', update, 'x:' .. number) == 1 then return 0 end
local time = redis.call('TIME')
redis.call('ZADD', due, 'LT', time[1] * 1000 + math.floor(time[2] / 1000), entry)
redis.call('ZREM', reviews, ref)
return 1
