#!lua
-- Owes again what ended in one batch without reaching anybody. Returns how many.
-- KEYS digest, batch, due, doubts
-- ARGV send entry, letters of the states that are owed again, how many gatherings, their entries (they go on, for
-- corrections of what it tells), then whose: sids, or none for the whole batch
-- Twice is once: the second call finds them owed. A stopped digest stays as it ended. Who ended in doubt (?), or of
-- whom nobody knew whether they have it, is unknown again: the provider is asked, or sent the same. What it said before
-- stays noted until it says something else.
local digest, batch, due, doubts = unpack(KEYS)
if redis.call('HEXISTS', digest, 'stop') == 1 then return 0 end
local sids, again = {unpack(ARGV, 4 + ARGV[3])}, 0
if #sids == 0 then sids = redis.call('HKEYS', batch) end
for _, sid in ipairs(sids) do
  local value = redis.call('HGET', batch, sid) or '-'
  local was = value:sub(1, 1)
  if sid ~= '!' and ARGV[2]:find(was, 1, true) then
    local doubt = value:sub(-1) == '?' or redis.call('HEXISTS', doubts, sid) == 1
    local now = doubt and 'u0+0' or 'q'
    redis.call('HSET', batch, sid, now)
    redis.call('HINCRBY', digest, was, -1)
    redis.call('HINCRBY', digest, now:sub(1, 1), 1)
    again = again + 1
  end
end
if again == 0 then return 0 end
if not redis.call('ZSCORE', due, ARGV[1]) then redis.call('HINCRBY', digest, 'unsettled', 1) end
if redis.call('HGET', digest, 'state') == 'done' then redis.call('HSET', digest, 'state', 'fanned') end
local now_ms = redis.call('TIME')[1] * 1000
for _, entry in ipairs({ARGV[1], unpack(ARGV, 4, 3 + ARGV[3])}) do redis.call('ZADD', due, now_ms, entry) end
return again
