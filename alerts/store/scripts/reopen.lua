#!lua
-- Owes again what failed in one batch. Returns how many. Of whom nobody knew whether they have it, that is asked first.
-- KEYS digest, batch, due, doubts   ARGV send entry
-- Twice is once: the second call finds nothing that failed. A stopped digest stays as it ended.
local digest, batch, due, doubts = unpack(KEYS)
if redis.call('HEXISTS', digest, 'stop') == 1 then return 0 end
local values, again = redis.call('HGETALL', batch), {}
for i = 1, #values, 2 do
  if values[i + 1]:sub(1, 1) == 'f' then
    again[#again + 1] = values[i]
    again[#again + 1] = 'q'
  end
end
if #again == 0 then return 0 end
redis.call('HSET', batch, unpack(again))
redis.call('HINCRBY', digest, 'f', -#again / 2)
redis.call('HINCRBY', digest, 'q', #again / 2)
if not redis.call('ZSCORE', due, ARGV[1]) then redis.call('HINCRBY', digest, 'unsettled', 1) end
if redis.call('HGET', digest, 'state') == 'done' then redis.call('HSET', digest, 'state', 'fanned') end
redis.call('ZADD', due, redis.call('TIME')[1] * 1000, ARGV[1])
return #again / 2
