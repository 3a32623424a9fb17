#!lua flags=allow-oom
-- Takes the lease of a batch. Returns {verdict, frozen at, batch, superseded by, now}: the verdict is
-- ok, busy, gone, or the digest's stop letter.
-- KEYS due, digest, batch, lease   ARGV entry, token, lease (ms), whether the provider can be asked (1, 0)
-- Twice is once: our own token takes our own lease. Dirty: an earlier holder died and may have sent some without
-- recording it. Where the provider can be asked, those are unknown from now on, until it was.
local due, digest, batch, lease = unpack(KEYS)
local entry, token, hold, ask = unpack(ARGV)
if not redis.call('ZSCORE', due, entry) then return {'gone'} end
local holder = redis.call('GET', lease)
if holder and holder ~= token then return {'busy'} end
redis.call('SET', lease, token, 'PX', hold)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', due, 'XX', now + hold, entry)
local mark = redis.call('HGET', batch, '!')
redis.call('HSET', batch, '!', token)
local dirty = mark and mark ~= token
if dirty and ask == '1' then
  local fields = redis.call('HGETALL', batch)
  for i = 1, #fields, 2 do
    local state = fields[i + 1]:sub(1, 1)
    if fields[i] ~= '!' and (state == 'q' or state == 'd') then
      redis.call('HSET', batch, fields[i], 'u' .. (state == 'q' and '0+0' or fields[i + 1]:sub(2)))
      redis.call('HINCRBY', digest, state, -1)
      redis.call('HINCRBY', digest, 'u', 1)
    end
  end
end
return {redis.call('HGET', digest, 'stop') or 'ok', redis.call('HGET', digest, 'at'),
  redis.call('HGETALL', batch), redis.call('HGET', digest, 'superseded') or 0,
  string.format('%.0f', now)}
