#!lua
-- Has somebody hear no more of a situation, or hear of it again. Returns when (ms), or 0 if it was changed since it
-- was read.
-- KEYS mutes:{update}, muted:{sid}, due, log, floor
-- ARGV sid, update, what is kept of it as it was read, or '', then number and severity of what is muted, or '' twice
--   to end it: then what was left out meanwhile is owed
-- Twice is once: by then something else is kept than what was read. The end is later than all that is in the log, and
-- nothing is accepted before it afterwards.
local mutes, muted, due, log, floor = unpack(KEYS)
local sid, update, read, number, severity = unpack(ARGV)
if (redis.call('HGET', mutes, sid) or '') ~= read then return 0 end
local time, last = redis.call('TIME'), redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if number ~= '' then
  redis.call('HSET', mutes, sid, table.concat({string.format('%.0f', now), 0, number, severity}, ' '))
  redis.call('PERSIST', mutes)
  redis.call('SADD', muted, update)
  return now
end
now = math.max(now, tonumber(last[2] or -1) + 1, tonumber(redis.call('GET', floor) or 0))
local at = string.format('%.0f', now)
redis.call('SET', floor, at)
redis.call('HSET', mutes, sid, (read:gsub(' 0 ', ' ' .. at .. ' ', 1)))
redis.call('ZADD', due, at, 'unmute:' .. sid .. '@' .. at)
return now
