#!lua
-- Owes again what ended in one batch without reaching anybody. Returns how many.
-- KEYS digest, batch, due, notes, doubts
-- ARGV send entry, letters of the states that are owed again, then whose: sids, or none for the whole batch
-- Twice is once: the second call finds them owed. A stopped digest stays as it ended. Of whom nobody knew whether
-- they have it, the provider is asked before anything is sent.
local digest, batch, due, notes, doubts = unpack(KEYS)
if redis.call('HEXISTS', digest, 'stop') == 1 then return 0 end
local sids, again = {unpack(ARGV, 3)}, 0
if #sids == 0 then sids = redis.call('HKEYS', batch) end
for _, sid in ipairs(sids) do
  local was = (redis.call('HGET', batch, sid) or '?'):sub(1, 1)
  if sid ~= '!' and ARGV[2]:find(was, 1, true) then
    local value = redis.call('HEXISTS', doubts, sid) == 1 and 'u0+0' or 'q'
    redis.call('HSET', batch, sid, value)
    redis.call('HDEL', notes, sid)
    redis.call('HINCRBY', digest, was, -1)
    redis.call('HINCRBY', digest, value:sub(1, 1), 1)
    again = again + 1
  end
end
if again == 0 then return 0 end
if not redis.call('ZSCORE', due, ARGV[1]) then redis.call('HINCRBY', digest, 'unsettled', 1) end
if redis.call('HGET', digest, 'state') == 'done' then redis.call('HSET', digest, 'state', 'fanned') end
redis.call('ZADD', due, redis.call('TIME')[1] * 1000, ARGV[1])
return again
