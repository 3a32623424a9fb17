#!lua
-- Writes a subscriber and moves them from one audience to another at one instant.
-- Returns {sid, joined (ms)}, or {} if somebody else changed their subscriptions or standing meanwhile.
-- KEYS subscribers, sids, clocks, due, log, floor, installation
-- ARGV prefix, address, identity, the change as JSON:
--   old, new: {id, terms, clock, next} or null · fields: subscriber's hash or null to remove · catch_up
--   expected: {audience, standing} as they were read, '' for what is not there
--   definition: what the audience of the fields is; written also for the paused, who are in none
--   away: since when (ms) nothing came to somebody whose subscriptions stay: they begin anew; else 0
--   held: since when (ms) they hold all the same, if they began anew and nothing has come since; else 0
--   anew: whether what was before is not remembered: a catch-up then looks back as for somebody new
--   line: address and name as they are looked for, null to remove · roll: the line of their audience, null to remove
--   revived: {sid, past} of somebody who was removed and is back, null for others
--   recent: how long (ms) an audience remembers who joined it
-- Whoever is paused until an instant is resumed by an entry for it, owed from here on. Another owner is told what of
-- theirs does not work: an inquiry is owed.
-- Twice is once: the second call finds the audience already the new one and changes nothing that counts.
--
-- One script and not five, because between any two of these steps an update may be accepted, and would find the
-- subscriber in both audiences or in neither: they would get it twice, or not at all. Read it from `Who it is` down:
-- `leave` and `join` are the move, `unlist` and `list` what the last one out and the first one in bring about.
local people, sids, clocks, due, log, floor, installation = unpack(KEYS)
local prefix, change = ARGV[1], cjson.decode(ARGV[4])
local old, new, fields, none = change.old, change.new, change.fields, cjson.null
local PAST = {'was', 'was_opened', 'was_joined', 'left'}
local function key(...) return prefix .. table.concat({...}, ':') end
local function whole(number) return string.format('%.0f', number) end

-- An audience that has lost its last member is not found any more; a clock that has lost its last audience stops.
local function unlist(audience)
  for _, term in ipairs(audience.terms) do redis.call('SREM', key('index', term), audience.id) end
  if audience.clock == none then return end
  redis.call('SREM', key('clock', audience.clock, 'audiences'), audience.id)
  if redis.call('EXISTS', key('clock', audience.clock, 'audiences')) == 1 then return end
  redis.call('DEL', key('clock', audience.clock))
  redis.call('SREM', clocks, audience.clock)
  redis.call('ZREM', due, 'open:' .. audience.clock)
end

-- An audience that has its first member is found by its terms; a clock that has its first audience starts.
local function list(audience, now)
  for _, term in ipairs(audience.terms) do redis.call('SADD', key('index', term), audience.id) end
  if audience.clock == none then return end
  redis.call('SADD', key('clock', audience.clock, 'audiences'), audience.id)
  redis.call('SADD', clocks, audience.clock)
  if redis.call('HSETNX', key('clock', audience.clock), 'opened', whole(now)) == 1 then
    redis.call('ZADD', due, audience.next, 'open:' .. audience.clock)
  end
end

-- Takes them out of an audience. Returns what is remembered of it until a catch-up has looked at it.
local function leave(audience, sid, joined, now)
  local opened = audience.clock ~= none and redis.call('HGET', key('clock', audience.clock), 'opened')
  redis.call('SREM', key('audience', audience.id, 'members'), sid)
  redis.call('ZREM', key('audience', audience.id, 'joined'), sid)
  if redis.call('EXISTS', key('audience', audience.id, 'members')) == 0 then unlist(audience) end
  return {audience.id, opened, whole(change.held > 0 and change.held or joined), whole(change.away > 0 and change.away or now)}
end

-- Puts them into an audience, unless they are in it: nothing is accepted into the log before that instant any more.
local function join(audience, sid, now)
  if redis.call('SISMEMBER', key('audience', audience.id, 'members'), sid) == 1 then return false end
  redis.call('SET', floor, whole(now))
  redis.call('SADD', key('audience', audience.id, 'members'), sid)
  redis.call('ZADD', key('audience', audience.id, 'joined'), now, sid)
  redis.call('ZREMRANGEBYSCORE', key('audience', audience.id, 'joined'), '-inf', now - change.recent)
  if redis.call('SCARD', key('audience', audience.id, 'members')) == 1 then list(audience, now) end
  return true
end

-- Writes the line by which they are found in the directory, and returns where it is. A line of theirs that says
-- something else is blanked, and never written over: others stay where they are.
local function list_person(sid, text, place)
  local n, at, size = (place or ''):match('^(%d+) (%d+) (%d+)$')
  local whose = sid:gsub('%d', function(digit) return string.char(digit + 14) end) .. '\n'
  local line, held = text ~= none and text .. whose, n and redis.call('GETRANGE', key('directory', n), at, at + size - 1)
  if held and held == line then return place end
  if held and held:sub(-#whose - 1) == '\t' .. whose then
    redis.call('SETRANGE', key('directory', n), at, (' '):rep(size - 1) .. '\n')
  end
  if not line then return end
  n = redis.call('GET', key('directory'))
  if not n or redis.call('STRLEN', key('directory', n)) >= 65536 then n = redis.call('INCR', key('directory')) end
  at = redis.call('STRLEN', key('directory', n))
  redis.call('APPEND', key('directory', n), line)
  return whole(n) .. ' ' .. whole(at) .. ' ' .. #line
end

-- Writes them into the roll: by number, their audience, and whether they are suppressed or paused.
local function call_up(sid)
  local numbers, entry = key('roll', 'audiences'), 0
  if fields ~= none then
    if redis.call('HSETNX', numbers, fields.audience, redis.call('HLEN', numbers) + 1) == 1 then
      redis.call('APPEND', key('roll', 'filters'), change.roll)
    end
    entry = redis.call('HGET', numbers, fields.audience) * 4 + (fields.standing ~= '' and 1 or 0)
      + redis.call('HEXISTS', key('suppressed', fields.channel), ARGV[3]) * 2
  end
  redis.call('SETRANGE', key('roll'), sid * 4, struct.pack('<I4', entry))
end

-- Who it is: of two of old who are one person, the second is there as it is spelt.
local name = ARGV[redis.call('HEXISTS', people, ARGV[2]) == 1 and 2 or 3]
local sid = redis.call('HGET', people, name)
if not sid and (change.expected.audience ~= '' or fields == none) then return {} end
if not sid then redis.call('HSETNX', installation, 'numbered', redis.call('GET', sids) or '0') end
sid = sid or change.revived ~= none and whole(change.revived.sid) or whole(redis.call('INCR', sids))
local me = key('subscriber', sid)
if sid == '1' then for _, index in ipairs({'listed', 'rolled'}) do redis.call('HSETNX', installation, index, '1') end end

-- Whether they are as they were read, or already as they are to be.
local current = redis.call('HMGET', me, 'audience', 'standing')
local function stands(wanted)
  return (current[1] or '') == wanted.audience and (current[2] or '') == wanted.standing
end
if not stands(change.expected) and (fields == none or not stands(fields)) then return {} end

-- The instant of the change: later than all that is in the log, and than what was looked at.
local time, last = redis.call('TIME'), redis.call('ZRANGE', log, -1, -1, 'WITHSCORES')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), tonumber(last[2] or -1) + 1,
  tonumber(redis.call('GET', floor) or 0))

-- The move. Of several changes before a catch-up, what was before the first is remembered.
local joined, joins = tonumber(redis.call('HGET', me, 'joined') or now), false
local was = redis.call('HMGET', me, unpack(PAST))
if change.revived ~= none and not was[1] then was = change.revived.past end
if old ~= none and (new == none or new.id ~= old.id or change.away > 0) then
  local left = leave(old, sid, joined, now)
  was = change.anew and {} or was[1] and was or left
end
if new ~= none and join(new, sid, now) then joined, joins = now, true end

-- What is written of them.
local place = list_person(sid, change.line, redis.call('HGET', me, 'listed'))
call_up(sid)
if fields == none then
  redis.call('HDEL', people, name)
  redis.call('DEL', me)
  return {sid, 0}
end
redis.call('SET', key('audience', fields.audience), change.definition)
redis.call('HSET', people, name, sid)
if (redis.call('HGET', me, 'owner') or '') ~= (fields.owner or '') then
  redis.call('ZADD', due, whole(now), 'inquire:' .. sid)
end
redis.call('DEL', me)
for field, value in pairs(fields) do if value ~= '' then redis.call('HSET', me, field, value) end end
redis.call('HSET', me, 'joined', whole(joined), 'listed', place)
for i, field in ipairs(PAST) do
  if was[i] and (change.catch_up or new == none) then redis.call('HSET', me, field, was[i]) end
end
if fields['until'] ~= '' then redis.call('ZADD', due, fields['until'], 'resume:' .. sid .. '@' .. fields['until']) end
if change.catch_up and joins then redis.call('ZADD', due, now, 'catch-up:' .. sid .. '@' .. whole(joined)) end
return {sid, whole(joined)}
