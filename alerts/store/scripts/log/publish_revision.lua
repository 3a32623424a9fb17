#!lua
-- Adds the next revision of an update, or finds the one with this content. Returns {created, number, accepted}.
-- KEYS update, updates, log, floor, due, reviews
-- ARGV id, fingerprint, draft, held until (ms, '' for not at all, 'review' for a release), 'match:' or 'match!:',
-- how many revisions there are ('' for any number): where there are others, nothing is added, and created is -1
-- Twice is once: the fingerprint finds the first.
local update, updates, log, floor, due, reviews = unpack(KEYS)
local id, fingerprint, draft, held, step, after = unpack(ARGV)
local known = redis.call('HGET', update, 'h:' .. fingerprint)
if known then return {0, known, redis.call('HGET', update, 'a:' .. known) or ''} end
if after ~= '' and after ~= (redis.call('HGET', update, 'n') or '0') then return {-1, 0, ''} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local number = redis.call('HINCRBY', update, 'n', 1)
redis.call('HSET', update, 'h:' .. fingerprint, number, 'r:' .. number, draft)
redis.call('ZADD', updates, 'NX', now, id)
local ref, accepted = id .. '.r' .. number, ''
if held == '' then
  local last = redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
  accepted = math.max(now, tonumber(last[2] or 0), tonumber(redis.call('GET', floor) or 0))
  redis.call('ZADD', log, accepted, ref)
  redis.call('HSET', update, 'a:' .. number, accepted)
end
if held == 'review' then redis.call('ZADD', reviews, now, ref)
else redis.call('ZADD', due, held == '' and now + 1000 or held, step .. ref) end
return {1, number, accepted}
