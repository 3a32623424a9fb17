#!lua flags=allow-oom
-- Notifies operators of something, and forgets the oldest of what they were notified of.
-- KEYS notices   ARGV notice as JSON, how many are kept   Twice is there twice, which is harmless.
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
