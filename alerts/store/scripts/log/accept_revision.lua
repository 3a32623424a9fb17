#!lua flags=allow-oom
-- Puts a held revision into the log at the end of its embargo or undo window. Returns its acceptance (ms),
-- or nothing if it was withdrawn: by somebody, or by a newer revision that is in the log already.
-- KEYS update, log, floor   ARGV ref, number   Twice is once: what is accepted stays where it is.
local update, log, floor = unpack(KEYS)
local ref, number = unpack(ARGV)
local accepted = redis.call('HGET', update, 'a:' .. number)
if accepted then return accepted end
if redis.call('HEXISTS', update, 'x:' .. number) == 1 then return '' end
for newer = tonumber(redis.call('HGET', update, 'n')), number + 1, -1 do
  if redis.call('HEXISTS', update, 'a:' .. newer) == 1 then
    redis.call('HSET', update, 'x:' .. number, 'revision ' .. newer .. ' took its place')
    return ''
  end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
accepted = math.max(now, tonumber(last[2] or 0), tonumber(redis.call('GET', floor) or 0))
redis.call('ZADD', log, accepted, ref)
redis.call('HSET', update, 'a:' .. number, accepted)
return string.format('%.0f', accepted)
