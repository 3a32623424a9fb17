#!lua flags=allow-oom
-- Sends a correction on its way to those gathered so far: to be rendered, or on to its next batches.
-- KEYS digest, recipients, due   ARGV render entry, fan entry
-- Returns 1 render, 2 fan, 0 nobody is new.
-- Twice is harmless: an entry that is owed already is owed once.
local digest, recipients, due = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HGET', digest, 'state')
if state == 'open' then
  redis.call('ZADD', due, 'NX', now + 1000, ARGV[1])
  return 1
end
if redis.call('EXISTS', recipients) == 0 then return 0 end
redis.call('ZADD', due, 'NX', now + 1000, ARGV[2])
redis.call('HSET', digest, 'state', 'frozen')
return 2
