#!lua flags=allow-oom
-- Ends a poll: what it found is kept, the next one is due, unless the feed is stopped, or was paused meanwhile.
-- KEYS feed, lease, due   ARGV token, when to poll again (ms), poll entry, feed as JSON or '', state, field, value, …
-- Twice is once: the second finds the lease given back. Of who held it too long, nothing is kept.
local feed, lease, due = unpack(KEYS)
if redis.call('GET', lease) ~= ARGV[1] or redis.call('EXISTS', feed) == 0 then return 0 end
for i = 6, #ARGV, 2 do redis.call('HSET', feed, ARGV[i], ARGV[i + 1]) end
if ARGV[4] ~= '' then redis.call('HSET', feed, 'feed', ARGV[4]) end
if ARGV[5] == 'stopped' then redis.call('HSET', feed, 'state', 'stopped') end
redis.call('DEL', lease)
if (redis.call('HGET', feed, 'state') or 'active') == 'active' then redis.call('ZADD', due, ARGV[2], ARGV[3])
else redis.call('ZREM', due, ARGV[3]) end
return 1
