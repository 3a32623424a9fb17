#!lua
-- Keeps a key of the API under a name of its own, or finds that the name is taken (0).
-- KEYS names, keys   ARGV name, digest, key as JSON   Twice is once: it finds its own digest.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then return held == ARGV[2] and 1 or 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 1
