#!lua
-- Keeps a sender under a name of its own, with the hash of their secret, or finds that the name is taken (0).
-- KEYS senders, sender, sender_secrets   ARGV name, sender as JSON, now (ms), SHA-256 of the secret
-- Twice is once: it finds its own.
local held = redis.call('HGET', KEYS[2], 'secret')
if held then return held == ARGV[4] and 1 or 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], 'sender', ARGV[2], 'secret', ARGV[4], 'secret_ms', ARGV[3])
redis.call('HSET', KEYS[3], ARGV[4], ARGV[1])
return 1
