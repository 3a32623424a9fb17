#!lua
-- Owes again what failed in one batch. Returns how many.
-- KEYS digest, batch, due   ARGV send entry, entries of gatherings that go on: for corrections of what it tells
-- Twice is once: the second call finds nothing that failed. A stopped digest stays as it ended. Who failed in doubt
-- (?) is unknown again.
local digest, batch, due = unpack(KEYS)
if redis.call('HEXISTS', digest, 'stop') == 1 then return 0 end
local values, again, unknown = redis.call('HGETALL', batch), {}, 0
for i = 1, #values, 2 do
  if values[i + 1]:sub(1, 1) == 'f' then
    local doubt = values[i + 1]:sub(-1) == '?'
    again[#again + 1] = values[i]
    again[#again + 1] = doubt and 'u0+0' or 'q'
    unknown = unknown + (doubt and 1 or 0)
  end
end
if #again == 0 then return 0 end
redis.call('HSET', batch, unpack(again))
redis.call('HINCRBY', digest, 'f', -#again / 2)
redis.call('HINCRBY', digest, 'q', #again / 2 - unknown)
redis.call('HINCRBY', digest, 'u', unknown)
if not redis.call('ZSCORE', due, ARGV[1]) then redis.call('HINCRBY', digest, 'unsettled', 1) end
if redis.call('HGET', digest, 'state') == 'done' then redis.call('HSET', digest, 'state', 'fanned') end
for _, entry in ipairs(ARGV) do redis.call('ZADD', due, redis.call('TIME')[1] * 1000, entry) end
return #again / 2
