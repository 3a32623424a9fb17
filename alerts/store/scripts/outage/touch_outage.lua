#!lua flags=allow-oom
-- Exchanges an inquiry for messages to whom it concerns. Returns 1, or 0 if nobody owes it any more.
-- KEYS due   ARGV prefix, entry, subject, least time between two messages (ms), then per message: contact, kind
-- Twice is once: the second call finds the inquiry gone.
local prefix, entry, subject, least = unpack(ARGV)
if redis.call('ZREM', KEYS[1], entry) == 0 then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 5, #ARGV, 2 do
  local outage = prefix .. 'outage:' .. ARGV[i] .. ':' .. ARGV[i + 1]
  redis.call('SADD', outage .. ':touched', subject)
  local at = (redis.call('HGET', outage, 'at') or -least) + least
  redis.call('ZADD', KEYS[1], 'NX', math.max(now, math.min(at, now + least)), 'notify:' .. ARGV[i] .. '/' .. ARGV[i + 1])
end
return 1
