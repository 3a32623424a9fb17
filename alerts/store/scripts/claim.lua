#!lua flags=allow-oom
-- Takes the lease of a batch. Returns {verdict, frozen at, batch, superseded by, now, deaths}: the verdict is
-- ok, busy, gone, or the digest's stop letter; deaths, how many holders in a row died before they recorded anything.
-- KEYS due, digest, batch, lease   ARGV entry, token, lease (ms), whether the provider can be asked (1, 0)
-- Twice is once: our own token takes our own lease. Dirty: an earlier holder died and may have sent some without
-- recording it. Where the provider can be asked, those are unknown from now on, until it was. A batch that its
-- holders keep dying of rests longer each time: the lease, twice that, … 15 minutes.
local due, digest, batch, lease = unpack(KEYS)
local entry, token, hold, ask = unpack(ARGV)
if not redis.call('ZSCORE', due, entry) then return {'gone'} end
local holder = redis.call('GET', lease)
if holder and holder ~= token then return {'busy'} end
redis.call('SET', lease, token, 'PX', hold)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deaths, before = string.match(redis.call('HGET', batch, '!') or '', '^(%d+):(.*)$')
local dirty = before and before ~= token
deaths = (deaths or 0) + (dirty and 1 or 0)
redis.call('HSET', batch, '!', deaths .. ':' .. token)
redis.call('ZADD', due, 'XX', now + math.min(hold * 2 ^ math.max(0, deaths - 1), 900000), entry)
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
  string.format('%.0f', now), deaths}
