#!lua
-- Owes again the rendering of a digest whose rendering failed. Returns 1, or 0 if it did not fail.
-- KEYS digest, due   ARGV render entry   Twice is once: an open digest did not fail.
if redis.call('HGET', KEYS[1], 'state') ~= 'failed' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'open')
redis.call('HDEL', KEYS[1], 'why')
redis.call('ZADD', KEYS[2], redis.call('TIME')[1] * 1000, ARGV[1])
return 1
