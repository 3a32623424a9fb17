#!lua flags=allow-oom
-- Keeps what became of items of a feed that is still there, and that it is followed from now on, where asked.
-- Returns 1, or 0 if the feed is gone.
-- KEYS feed, items   ARGV 1 if it is followed from now on, item, what is kept of it, …
-- Twice is once: the same is written again.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[1] == '1' then redis.call('HSET', KEYS[1], 'begun', 1, 'backlog', 0) end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
