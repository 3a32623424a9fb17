#!lua flags=allow-oom
-- Keeps the answer to a request with an Idempotency-Key, or forgets that it was begun where there is none.
-- KEYS answer   ARGV token of who works, answer (empty: forget), ms to keep it
-- Of who took too long, and whose place another has taken, nothing is kept. Twice is once.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'answer', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
