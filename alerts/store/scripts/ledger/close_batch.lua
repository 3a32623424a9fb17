#!lua flags=allow-oom
-- Ends what a batch of a stopped digest still owes, if nobody holds it. Returns how many that were.
-- KEYS due, digest, batch, lease, notes   ARGV send entry, what is noted of whom is in doubt
-- Twice is once: the second call finds nothing owed. Who was unknown, or had their turn when a holder died (!), may
-- have got it: they end unconfirmed.
local due, digest, batch, lease, notes = unpack(KEYS)
local stop, at = unpack(redis.call('HMGET', digest, 'stop', 'at'))
if not stop or redis.call('EXISTS', lease) == 1 then return 0 end
local time, moved, values = redis.call('TIME'), 0, redis.call('HGETALL', batch)
local age = math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - at)
local dirty = redis.call('HDEL', batch, '!') == 1
for i = 1, #values, 2 do
  local sid, state, rest = values[i], values[i + 1]:match('^([qdu])(.*)$')
  if state then
    local turn = state == 'q' or 1000 * rest:match('%+(%d+)') <= age
    local ends = (state == 'u' or dirty and turn) and 'm' or stop
    if ends == 'm' then redis.call('HSETNX', notes, sid, ARGV[2]) end
    redis.call('HSET', batch, sid, ends)
    redis.call('HINCRBY', digest, state, -1)
    redis.call('HINCRBY', digest, ends, 1)
    moved = moved + 1
  end
end
if redis.call('ZREM', due, ARGV[1]) == 1 and redis.call('HINCRBY', digest, 'unsettled', -1) == 0
  and redis.call('HGET', digest, 'state') == 'fanned' then redis.call('HSET', digest, 'state', 'done') end
return moved
