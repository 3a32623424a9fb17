#!lua flags=allow-oom
-- Takes the lease of a batch. Returns {verdict, dirty, frozen at, batch, superseded by, now}: the verdict is
-- ok, busy, gone, or the digest's stop letter.
-- KEYS due, digest, batch, lease   ARGV entry, token, lease (ms)
-- Twice is once: our own token takes our own lease. Dirty: an earlier holder died, some may be sent unrecorded.
local due, digest, batch, lease = unpack(KEYS)
local entry, token, hold = unpack(ARGV)
if not redis.call('ZSCORE', due, entry) then return {'gone', 0} end
local holder = redis.call('GET', lease)
if holder and holder ~= token then return {'busy', 0} end
redis.call('SET', lease, token, 'PX', hold)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', due, 'XX', now + hold, entry)
local mark = redis.call('HGET', batch, '!')
redis.call('HSET', batch, '!', token)
local dirty = (mark and mark ~= token) and 1 or 0
return {redis.call('HGET', digest, 'stop') or 'ok', dirty, redis.call('HGET', digest, 'at'),
  redis.call('HGETALL', batch), redis.call('HGET', digest, 'superseded') or 0,
  string.format('%.0f', now)}
