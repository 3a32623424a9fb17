#!lua flags=allow-oom
-- Notes that one subscriber was merged into another, and with them whoever had been merged into that one.
-- KEYS merged   ARGV the number that is gone, the number that is kept
-- Twice is once: it writes the same again.
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  if rows[i + 1] == ARGV[1] then redis.call('HSET', KEYS[1], rows[i], ARGV[2]) end
end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
