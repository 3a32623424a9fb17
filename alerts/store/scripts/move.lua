#!lua
-- Writes a subscriber and moves them between audiences at one instant.
-- Returns {sid, joined (ms)}, or {} if somebody else changed their wishes or standing meanwhile.
-- KEYS subscribers, sids, clocks, due, log, floor, installation
-- ARGV prefix, address, identity, the change as JSON:
--   old, new: {id, terms, clock, next} or null · fields: subscriber's hash or null to remove · catch_up
--   expected: {audience, standing} as they were read, '' for what is not there
--   definition: what the audience of the fields is; written also for the paused, who are in none
--   away: since when (ms) nothing came to somebody whose wishes stay: they begin anew; else 0
-- Whoever is paused until an instant is resumed by an entry for it, owed from here on.
-- What the old audience was is remembered (was…, left) until the catch-up has looked at it.
-- Twice is once: the second call finds the audience already the new one and changes nothing that counts.
local people, sids, clocks, due, log, floor, installation = unpack(KEYS)
local prefix, change = ARGV[1], cjson.decode(ARGV[4])
-- Two of old who are one person are both there, the second one as it is spelt.
local name = ARGV[redis.call('HEXISTS', people, ARGV[2]) == 1 and 2 or 3]
local old, new, fields = change.old, change.new, change.fields
local function key(...) return prefix .. table.concat({...}, ':') end
local sid = redis.call('HGET', people, name)
if not sid and (change.expected.audience ~= '' or fields == cjson.null) then return {} end
if not sid then redis.call('HSETNX', installation, 'numbered', redis.call('GET', sids) or '0') end
sid = sid or string.format('%.0f', redis.call('INCR', sids))
local me = key('subscriber', sid)
local current = redis.call('HMGET', me, 'audience', 'standing')
local function stands(wanted)
  return (current[1] or '') == wanted.audience and (current[2] or '') == wanted.standing
end
if not stands(change.expected) and (fields == cjson.null or not stands(fields)) then return {} end
local time, last = redis.call('TIME'), redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), tonumber(last[2] or -1) + 1,
  tonumber(redis.call('GET', floor) or 0))
local joined, joins = tonumber(redis.call('HGET', me, 'joined') or now), false
local was = redis.call('HMGET', me, 'was', 'was_opened', 'was_joined', 'left')
local function leave(audience)
  if not was[1] then
    local opened = audience.clock ~= cjson.null and redis.call('HGET', key('clock', audience.clock), 'opened')
    local left = change.away > 0 and change.away or now
    was = {audience.id, opened, string.format('%.0f', joined), string.format('%.0f', left)}
  end
  redis.call('SREM', key('audience', audience.id, 'members'), sid)
  redis.call('ZREM', key('audience', audience.id, 'joined'), sid)
  if redis.call('EXISTS', key('audience', audience.id, 'members')) == 1 then return end
  for _, term in ipairs(audience.terms) do redis.call('SREM', key('index', term), audience.id) end
  if audience.clock == cjson.null then return end
  redis.call('SREM', key('clock', audience.clock, 'audiences'), audience.id)
  if redis.call('EXISTS', key('clock', audience.clock, 'audiences')) == 1 then return end
  redis.call('DEL', key('clock', audience.clock))
  redis.call('SREM', clocks, audience.clock)
  redis.call('ZREM', due, 'open:' .. audience.clock)
end
local function join(audience)
  if redis.call('SISMEMBER', key('audience', audience.id, 'members'), sid) == 1 then return end
  joined, joins = now, true
  redis.call('SET', floor, string.format('%.0f', now))
  redis.call('SADD', key('audience', audience.id, 'members'), sid)
  redis.call('ZADD', key('audience', audience.id, 'joined'), now, sid)
  redis.call('ZREMRANGEBYSCORE', key('audience', audience.id, 'joined'), '-inf', now - change.recent)
  if redis.call('SCARD', key('audience', audience.id, 'members')) > 1 then return end
  for _, term in ipairs(audience.terms) do redis.call('SADD', key('index', term), audience.id) end
  if audience.clock == cjson.null then return end
  redis.call('SADD', key('clock', audience.clock, 'audiences'), audience.id)
  redis.call('SADD', clocks, audience.clock)
  if redis.call('HSETNX', key('clock', audience.clock), 'opened', string.format('%.0f', now)) == 1 then
    redis.call('ZADD', due, audience.next, 'open:' .. audience.clock)
  end
end
if old ~= cjson.null and (new == cjson.null or new.id ~= old.id or change.away > 0) then leave(old) end
if new ~= cjson.null then join(new) end
if fields == cjson.null then
  redis.call('HDEL', people, name)
  redis.call('DEL', me)
  return {sid, 0}
end
redis.call('SET', key('audience', fields.audience), change.definition)
redis.call('HSET', people, name, sid)
redis.call('DEL', me)
for name, value in pairs(fields) do if value ~= '' then redis.call('HSET', me, name, value) end end
redis.call('HSET', me, 'joined', string.format('%.0f', joined))
for i, name in ipairs({'was', 'was_opened', 'was_joined', 'left'}) do
  if was[i] and (change.catch_up or new == cjson.null) then redis.call('HSET', me, name, was[i]) end
end
if fields['until'] ~= '' then redis.call('ZADD', due, fields['until'], 'resume:' .. sid .. '@' .. fields['until']) end
if change.catch_up and joins then
  redis.call('ZADD', due, now, 'catch-up:' .. sid .. '@' .. string.format('%.0f', joined))
end
return {sid, string.format('%.0f', joined)}
