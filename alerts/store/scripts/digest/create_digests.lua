#!lua flags=allow-oom
-- Exchanges a step for digests: creates those that are absent, each owing its next step. Returns 1, or 0 if nobody
-- owes the step any more: then nothing is created, whatever somebody who came too late has found. -1: the digest for
-- one person is on its way to others already, without them.
-- KEYS due, the clock, if it opened a slot   ARGV prefix, entry, then slot (ms), next slot (ms)
--   and the slot runs that made up for several slots, or '' thrice; the sid of one person whom its only digest is for,
--   or ''; then per digest: id, JSON, next entry, its updates
-- Twice is once: the second call finds the step gone, or the clock's slot open.
local due, clock = unpack(KEYS)
local prefix, entry, slot, following, late, person = unpack(ARGV, 1, 6)
local owed = clock and redis.call('HGET', clock, 'opening') == slot or not clock and redis.call('ZSCORE', due, entry)
if not owed then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 7, #ARGV, 4 do
  local digest = prefix .. 'digest:' .. ARGV[i]
  if redis.call('HSETNX', digest, 'json', ARGV[i + 1]) == 1 then
    redis.call('HSET', digest, 'state', 'open')
    redis.call('ZADD', due, now + 1000, ARGV[i + 2])
    for update in string.gmatch(ARGV[i + 3], '[^,]+') do
      redis.call('SADD', prefix .. 'update:' .. update .. ':digests', ARGV[i])
    end
  elseif person ~= '' and redis.call('HGET', digest, 'state') ~= 'open' then
    return -1
  end
  if person ~= '' then redis.call('SADD', digest .. ':recipients', person) end
end
if not clock then return redis.call('ZREM', due, entry) end
redis.call('HSET', clock, 'opened', slot, 'late', late)
redis.call('HDEL', clock, 'opening', 'began')
redis.call('ZADD', due, following, entry)
return 1
