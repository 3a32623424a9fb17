#!lua flags=allow-oom
-- Forgets the subscriptions somebody had before, once nothing of the catch-up that makes up for it is owed any more.
-- KEYS subscriber   ARGV since when (ms) the subscriptions hold that were caught up with
-- Twice is once. Whoever has changed their subscriptions or paused since will be caught up with from there on.
local me, joined = KEYS[1], ARGV[1]
if redis.call('HGET', me, 'joined') ~= joined or redis.call('HEXISTS', me, 'standing') == 1 then return 0 end
return redis.call('HDEL', me, 'was', 'was_opened', 'was_joined', 'left')
