#!lua
-- Begins the work for an Idempotency-Key, unless it was begun before: then says what is known of it.
-- KEYS answer   ARGV fingerprint of the request, token of who works, ms they may take
-- Says {'begun'}, or {fingerprint, 'working'}, or {fingerprint, 'done', answer}. Twice is once for one token.
local held = redis.call('HMGET', KEYS[1], 'request', 'token', 'answer')
if held[3] then return { held[1], 'done', held[3] } end
if held[1] and held[2] ~= ARGV[2] then return { held[1], 'working' } end
redis.call('HSET', KEYS[1], 'request', ARGV[1], 'token', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 'begun' }
