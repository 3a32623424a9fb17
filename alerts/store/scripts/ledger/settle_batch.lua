#!lua flags=allow-oom
-- Gives the lease back: the batch is finished, or its entry waits for the next try.
-- Returns that time (ms), or 0; DONE where that was all its digest owed.
-- KEYS due, digest, batch, lease   ARGV entry, token, not before (ms)
-- Twice is once: only the holder settles.
local due, digest, batch, lease = unpack(KEYS)
local entry, token, hold = ARGV[1], ARGV[2], tonumber(ARGV[3])
local DONE, LOST = -2, -1
if redis.call('GET', lease) ~= token then return LOST end
redis.call('DEL', lease)
redis.call('HDEL', batch, '!')
local at, following = tonumber(redis.call('HGET', digest, 'at')), math.huge
local values = redis.call('HVALS', batch)
for _, value in ipairs(values) do
  local state = value:sub(1, 1)
  if state == 'q' then following = math.min(following, hold)
  elseif state:match('[du]') then
    following = math.min(following, math.max(hold, at + 1000 * tonumber(value:match('%+(%d+)'))))
  end
end
if following < math.huge then
  redis.call('ZADD', due, 'XX', following, entry)
  return string.format('%.0f', following)
end
if redis.call('ZREM', due, entry) == 1 and redis.call('HINCRBY', digest, 'unsettled', -1) == 0
  and redis.call('HGET', digest, 'state') == 'fanned' then
  redis.call('HSET', digest, 'state', 'done')
  return DONE
end
return 0
