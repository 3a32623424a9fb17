#!lua flags=allow-oom
-- Takes back a revision that is still held: it is never accepted. Returns 1, or 0 if it was accepted before.
-- KEYS update, due, reviews   ARGV ref, number, fingerprint, reason, match entry
-- Twice is once: the mark is set again. The same content may be published again: it is a new revision then.
local update, due, reviews = unpack(KEYS)
local ref, number, fingerprint, reason, entry = unpack(ARGV)
if redis.call('HEXISTS', update, 'a:' .. number) == 1 then return 0 end
redis.call('HSET', update, 'x:' .. number, reason)
if redis.call('HGET', update, 'h:' .. fingerprint) == number then
  redis.call('HDEL', update, 'h:' .. fingerprint)
end
redis.call('ZREM', due, entry)
redis.call('ZREM', reviews, ref)
return 1
