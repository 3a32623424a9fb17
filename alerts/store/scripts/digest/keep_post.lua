#!lua flags=allow-oom
-- Remembers where the Slack post of some updates is for one subscriber.
-- KEYS posts…   ARGV sid, post   Twice is once.
for _, posts in ipairs(KEYS) do redis.call('HSET', posts, ARGV[1], ARGV[2]) end
