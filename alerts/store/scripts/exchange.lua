#!lua flags=allow-oom
-- Creates the digests that are absent, each owing its next step, and takes the work entry they came from.
-- KEYS due   ARGV prefix, entry, then per digest: id, JSON, next entry, its updates joined by ','
-- Twice is once: a digest that exists, in whatever state, is left alone.
local due, prefix, entry = KEYS[1], ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local created = 0
for i = 3, #ARGV, 4 do
  local digest = prefix .. 'digest:' .. ARGV[i]
  if redis.call('HSETNX', digest, 'json', ARGV[i + 1]) == 1 then
    redis.call('HSET', digest, 'state', 'open')
    redis.call('ZADD', due, now + 1000, ARGV[i + 2])
    for update in string.gmatch(ARGV[i + 3], '[^,]+') do
      redis.call('SADD', prefix .. 'update:' .. update .. ':digests', ARGV[i])
    end
    created = created + 1
  end
end
redis.call('ZREM', due, entry)
return created
