#!lua flags=allow-oom
-- Takes a feed to poll it alone for a while, or goes on with it. Returns 1, or 0 if it is gone or another's.
-- KEYS feed, lease   ARGV token, for how long (ms)   Twice is once for one token.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local held = redis.call('GET', KEYS[2])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1
