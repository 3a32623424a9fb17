#!lua flags=allow-oom
-- Opens a route's breaker, longer with every failure in a row. Returns {how long to back off (ms), whether to notify}.
-- KEYS breaker
-- ARGV why, at least (ms), first (ms), longest (ms), inferred (1, 0), witness (ms), notify again after (ms)
-- Twice is harmless: while it is open it is not lengthened. What was inferred from a few people does not open it
-- if others were accepted of late, or are while it is open: then it is not the route, and only they wait.
local why, least, first, longest, inferred, witness, again = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'until', 'accepted', 'notified')
local till, accepted, notified = tonumber(held[1] or 0), tonumber(held[2] or 0), tonumber(held[3] or 0)
if till > now then
  if inferred == '0' then redis.call('HDEL', KEYS[1], 'inferred') end
  return {till - now, 0}
end
local wait, failures = math.max(least, longest), 0
if inferred == '0' or accepted > now or now - accepted >= tonumber(witness) then
  failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
  wait = math.max(least, math.min(first * 2 ^ math.min(failures - 1, 12), longest))
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait), 'why', why)
  if inferred == '1' then redis.call('HSET', KEYS[1], 'inferred', 1) else redis.call('HDEL', KEYS[1], 'inferred') end
end
local notify = (tonumber(least) > 0 or failures > 5) and (notified > now or now - notified >= tonumber(again))
if notify then redis.call('HSET', KEYS[1], 'notified', string.format('%.0f', now)) end
return {wait, notify and 1 or 0}
