#!lua flags=allow-oom
-- Leaves somebody whose subscriptions are lost without any, so that they can be asked for anew.
-- KEYS subscriber, lost definition, definition of none   ARGV lost audience, audience of none, its definition
-- Twice is once: by then they are in the audience of none. Whoever has subscriptions by now keeps them.
if (redis.call('HGET', KEYS[1], 'audience') or '') ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('HSET', KEYS[1], 'audience', ARGV[2])
redis.call('HDEL', KEYS[1], 'names')
return 1
