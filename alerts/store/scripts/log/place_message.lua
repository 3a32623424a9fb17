#!lua
-- Tells whether a message is the newest of its situation, and makes it so. Returns {situation it was joined to
-- meanwhile}, or {'', revisions of the update, what became of the message, 1 if it is late}.
-- KEYS message, situation, update, messages it refers to …   ARGV sent (ms), seconds to keep
-- Twice is once: what is newest is not late, and what is late stays so.
local message, situation, update = unpack(KEYS)
local sent, keep = tonumber(ARGV[1]), ARGV[2]
local joined = redis.call('HGET', situation, 'joined')
if joined then return {joined} end
local function latest(key, field)
  return tonumber(redis.call('HGET', key, field) or -1)
end
local late = latest(situation, 'newest') > sent or latest(message, 'superseded') >= sent
for n = 4, #KEYS do
  redis.call('HSET', KEYS[n], 'superseded', string.format('%.0f', math.max(sent, latest(KEYS[n], 'superseded'))))
  redis.call('EXPIRE', KEYS[n], keep)
end
if not late then redis.call('HSET', situation, 'newest', ARGV[1]) end
redis.call('EXPIRE', situation, keep)
local known = redis.call('HGET', message, ARGV[1]) or ''
return {'', tonumber(redis.call('HGET', update, 'n') or 0), known, late and 1 or 0}
