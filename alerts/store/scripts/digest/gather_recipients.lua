#!lua flags=allow-oom
-- Adds to a correction those of one batch who got it, or may have, each once. Returns how many of the batch
-- are waited for: still owed, or being sent another revision at this moment.
-- KEYS gathered, recipients, correction, batch, source, notes, merged
-- ARGV whether those who were only about to get it are to hear of it (1, 0), then who is being sent another
-- Twice is once: whoever is in `gathered` is not added again.
local gathered, recipients, correction, batch, source, notes, merged = unpack(KEYS)
local values, owed, found = redis.call('HGETALL', batch), 0, {}
local stop = redis.call('HGET', source, 'stop')
local reached = {s = true, v = true, c = true, m = true}
local busy = {}
for i = 2, #ARGV do busy[ARGV[i]] = true end
for i = 1, #values, 2 do
  local sid, state, doubt = values[i], values[i + 1]:sub(1, 1), values[i + 1]:sub(-1) == '?'
  -- Withdrawn without a note: not for a reason of their own, but because this correction took its place.
  local instead = state == stop and ARGV[1] == '1' and redis.call('HEXISTS', notes, sid) == 0
  if state:match('[qdu]') then owed = owed + 1
  elseif reached[state] or doubt or instead then
    sid = redis.call('HGET', merged, sid) or sid  -- somebody who was there twice hears of it as who they are now
    if busy[sid] then owed = owed + 1
    elseif redis.call('SADD', gathered, sid) == 1 then found[#found + 1] = sid end
  end
end
if #found > 0 then
  redis.call('SADD', recipients, unpack(found))
  redis.call('HINCRBY', correction, 'n', #found)
end
return owed
