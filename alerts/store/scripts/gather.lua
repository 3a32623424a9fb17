#!lua flags=allow-oom
-- Adds to a correction those of one batch who were told, each once. Returns how many of the batch are still owed.
-- KEYS gathered, recipients, correction, batch, lease, source, due, notes
-- ARGV send entry, whether those who were only about to be told are to hear of it (1, 0)
-- Twice is once: whoever is in `gathered` is not added again. An unheld batch of a stopped digest is closed here.
local gathered, recipients, correction, batch, lease, source, due, notes = unpack(KEYS)
local values, owed, moved, told = redis.call('HGETALL', batch), 0, {}, {}
local stop, free = redis.call('HGET', source, 'stop'), redis.call('EXISTS', lease) == 0
for i = 1, #values, 2 do
  local sid, state = values[i], values[i + 1]:sub(1, 1)
  if sid ~= '!' and (state == 'q' or state == 'd') and stop and free then
    redis.call('HSET', batch, sid, stop)
    moved[state], moved[stop] = (moved[state] or 0) - 1, (moved[stop] or 0) + 1
    state = stop
  end
  -- Withdrawn without a note: not for a reason of their own, but because this correction took its place.
  local instead = stop and state == stop and ARGV[2] == '1' and redis.call('HEXISTS', notes, sid) == 0
  if sid ~= '!' and (state == 'q' or state == 'd') then owed = owed + 1
  elseif sid ~= '!' and (instead or state == 's' or state == 'v' or state == 'c' or state == 'u')
    and redis.call('SADD', gathered, sid) == 1 then told[#told + 1] = sid end
end
for letter, by in pairs(moved) do redis.call('HINCRBY', source, letter, by) end
if #told > 0 then
  redis.call('SADD', recipients, unpack(told))
  redis.call('HINCRBY', correction, 'n', #told)
end
if stop and free and owed == 0 and next(moved) and redis.call('ZREM', due, ARGV[1]) == 1 then
  if redis.call('HINCRBY', source, 'unsettled', -1) == 0 and redis.call('HGET', source, 'state') == 'fanned' then
    redis.call('HSET', source, 'state', 'done')
  end
end
return owed
