#!lua
-- Keeps a feed under a name of its own and owes its first poll, or finds that the name is taken (0).
-- KEYS feeds, feed, due   ARGV name, feed as JSON, now (ms), when to poll (ms), poll entry, backlog
-- Twice is once: it finds its own.
local held = redis.call('HGET', KEYS[2], 'feed')
if held then return held == ARGV[2] and 1 or 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], 'feed', ARGV[2], 'backlog', ARGV[6])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[5])
return 1
