#!lua flags=allow-oom
-- Takes the lease of a batch. Returns {verdict, frozen at, batch, superseded by, now, deaths}: the verdict is
-- ok, busy, gone, or the digest's stop letter; deaths, how many holders in a row died before they recorded anything.
-- KEYS due, digest, batch, lease, notes   ARGV entry, token, lease (ms), what is noted of whom is in doubt
-- Twice is once: our own token takes our own lease. Dirty: an earlier holder died and may have sent some without
-- recording it. Whoever's turn it was is unknown from now on. A batch that its holders keep dying of waits longer
-- each time: the lease, twice that, … 15 minutes.
local due, digest, batch, lease, notes = unpack(KEYS)
local entry, token, hold, doubt = unpack(ARGV)
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
local at = redis.call('HGET', digest, 'at')
local fields = dirty and redis.call('HGETALL', batch) or {}
for i = 1, #fields, 2 do
  local sid, state, rest = fields[i], fields[i + 1]:match('^([qd])(.*)$')
  if state == 'q' or state == 'd' and 1000 * rest:match('%+(%d+)') <= math.max(0, now - at) then
    redis.call('HSET', batch, sid, 'u' .. (state == 'q' and '0+0' or rest))
    redis.call('HSET', notes, sid, doubt)
    redis.call('HINCRBY', digest, state, -1)
    redis.call('HINCRBY', digest, 'u', 1)
  end
end
return {redis.call('HGET', digest, 'stop') or 'ok', at,
  redis.call('HGETALL', batch), redis.call('HGET', digest, 'superseded') or 0,
  string.format('%.0f', now), deaths}
