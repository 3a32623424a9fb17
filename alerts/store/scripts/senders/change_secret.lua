#!lua
-- Gives a sender another secret; the one before is good for nothing from then on. Returns 0 if they are gone.
-- KEYS sender, sender_secrets   ARGV name, SHA-256 of the new secret, now (ms)
-- Twice is once: the same secret is there already.
local held = redis.call('HGET', KEYS[1], 'secret')
if not held then return 0 end
redis.call('HDEL', KEYS[2], held)
redis.call('HSET', KEYS[1], 'secret', ARGV[2], 'secret_ms', ARGV[3])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1
