#!lua flags=allow-oom
-- Exchanges a message that is due for a digest to its contact, or for nothing if nothing is to be said. Returns 1, or
-- 0 if somebody else has done it meanwhile: then nothing is said.
-- KEYS due, outage, touched
-- ARGV prefix, entry, when anything was said last as it was read (ms), least time between two (ms), how long the message
--   is kept (s), what is told by now as JSON, contact, then what was told before, id and draft of the message, id and
--   JSON of its digest, its next entry (or '' for these six), then the subjects that were looked at
-- Twice is once: the second call finds the entry gone, or something said. What was touched meanwhile owes it anew.
local prefix, entry, read, least, kept, told, contact, before, update, draft, id, digest, following = unpack(ARGV)
if not redis.call('ZSCORE', KEYS[1], entry) or (redis.call('HGET', KEYS[2], 'at') or '0') ~= read then return 0 end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
for i = 14, #ARGV do redis.call('SREM', KEYS[3], ARGV[i]) end
redis.call('ZREM', KEYS[1], entry)
redis.call('HSET', KEYS[2], 'told', told)
if update ~= '' then
  redis.call('HSET', KEYS[2], 'before', before, 'at', now)
  redis.call('HINCRBY', KEYS[2], 'n', 1)
  redis.call('HSET', prefix .. 'update:' .. update, 'n', 1, 'r:1', draft, 'a:1', now)
  redis.call('SADD', prefix .. 'update:' .. update .. ':digests', id)
  for _, part in ipairs({'', ':digests'}) do redis.call('EXPIRE', prefix .. 'update:' .. update .. part, kept) end
  redis.call('HSET', prefix .. 'digest:' .. id, 'json', digest, 'state', 'open')
  redis.call('SADD', prefix .. 'digest:' .. id .. ':recipients', contact)
  redis.call('ZADD', KEYS[1], now, following)
end
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('ZADD', KEYS[1], now + (update ~= '' and least or 0), entry) end
return 1
