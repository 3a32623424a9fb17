#!lua flags=allow-oom
-- Notes a worker's sign of life, and forgets those that gave none for long.
-- KEYS workers   ARGV worker, how long they are remembered (ms)   Twice is harmless.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
