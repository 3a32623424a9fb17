#!lua flags=allow-oom
-- Pins the slot a clock opens. Returns {last slot opened, slot being opened, since when, late} or {} if none is.
-- KEYS clock, floor   ARGV slot (ms)
-- Twice is once: a slot that is being opened stays the one until it is exchanged for digests. From here on nothing is
-- accepted into the log before the slot or this instant, even if the server's time goes back.
local clock, floor = KEYS[1], KEYS[2]
local opened = redis.call('HGET', clock, 'opened')
if not opened then return {} end
local opening = redis.call('HGET', clock, 'opening')
if not opening then
  if tonumber(ARGV[1]) <= tonumber(opened) then return {} end
  opening = ARGV[1]
  local time = redis.call('TIME')
  redis.call('HSET', clock, 'opening', opening, 'began', time[1] * 1000 + math.floor(time[2] / 1000))
end
local began, late = unpack(redis.call('HMGET', clock, 'began', 'late'))
local earliest = math.max(redis.call('GET', floor) or 0, opening, began)
redis.call('SET', floor, string.format('%.0f', earliest))
return {opened, opening, began, late or ''}
