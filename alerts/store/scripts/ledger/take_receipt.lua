#!lua flags=allow-oom
-- Takes in what came back of one delivery: its state and note, and what follows for its address, by rank.
-- Returns {1 if anything changed, what stands against the address by this: '', 'suppressed' or 'backoff', 1 if it
-- is the first of its digest that is about us}.
-- KEYS digest, batch, notes, suppressed, softs, subscriber, receipts, due, subscribers:{channel}, roll, rates,
--   contacts:{channel}
-- ARGV sid, state letter, verdict, note, identity or '' of who was removed, reason as JSON, back-offs in turn (ms, by
--   comma), how long (ms) they are remembered, how many receipts are listed, whose server took it (channel and
--   domain), then fields of the entry in that list
-- What bounced, or was complained of, is counted once a delivery, by the day on which it was sent.
-- Twice is once: it counts where the state moves by it, or what it says is graver than what is noted.
local digest, batch, notes, suppressed, softs, subscriber, receipts, due, people, roll, rates, contacts = unpack(KEYS)
local sid, new, verdict, note, person, reason, waits, remembered, listed, taker = unpack(ARGV)
local rank = {q = 0, d = 0, u = 0, s = 1, f = 1, x = 1, e = 1, r = 1, m = 1, v = 2, b = 3, c = 4}
local gravity = {delivered = 1, blocked = 2, soft = 3, hard = 4, complained = 5}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function whole(number) return string.format('%.0f', number) end

-- What became of it: nothing that is known is taken back, and of what is said alike the gravest is noted.
local value, at = redis.call('HGET', batch, sid), redis.call('HGET', digest, 'at')
local old, attempt = (value or ''):match('^(.)(%d*)')
local moved = old and (rank[old] == 0 or rank[new] > rank[old])
local noted = old and (redis.call('HGET', notes, sid) or ''):match('^(%l+): ')
local graver = moved or old == new and gravity[verdict] > (gravity[noted] or 0)
if moved then
  local sent_ms = old:match('[svbc]') and at + 1000 * value:match('%+(%d+)')
  local day = math.floor((sent_ms or now) / 86400000)
  for letter in ((sent_ms and '' or 's') .. new:gsub('[sv]', '')):gmatch('.') do
    for _, whose in ipairs({taker:match('^%S+'), taker}) do redis.call('HINCRBY', rates .. day, letter .. ' ' .. whose, 1) end
    redis.call('EXPIRE', rates .. day, 3456000)
  end
  local tries = attempt == '' and '1' or attempt
  redis.call('HSET', batch, sid, new .. tries .. '+' .. whole(math.max(0, math.floor((now - at) / 1000))))
  redis.call('HINCRBY', digest, old, -1)
  redis.call('HINCRBY', digest, new, 1)
end
if graver then
  redis.call('HSET', notes, sid, verdict .. ': ' .. note)
  local left = redis.call('PTTL', digest)
  if left > 0 then redis.call('PEXPIRE', notes, left) end
end

-- What follows for the address: their own word, then a reason for good, then a back-off.
local standing = person ~= '' and redis.call('HGET', suppressed, person)
local was = standing and cjson.decode(standing)
local own = was and (was.by == 'complaint' or was.by == 'subscriber')
local weight = not was and 0 or was.until_ms and 1 or own and 3 or 2
local row, follows = cjson.decode(reason), ''
row.since_ms = now
weight = (graver and person ~= '') and weight or 3
if verdict == 'complained' and weight < 3 or verdict == 'hard' and weight < 2 then
  follows = 'suppressed'
elseif verdict == 'soft' and weight == 0 then
  local n, since, held = (redis.call('GET', softs) or ''):match('^(%d+) (%d+) (%d+)$')
  n, since = (n or 0) + 1, since or whole(now)
  held = held or redis.call('HGET', subscriber, 'joined') or since
  local wait, i = nil, 0
  for each in waits:gmatch('%d+') do i = i + 1 if i == n then wait = tonumber(each) end end
  follows = wait and 'backoff' or 'suppressed'
  if wait then
    row.until_ms = now + wait
    redis.call('SET', softs, n .. ' ' .. since .. ' ' .. held, 'PX', whole(wait + remembered))
    redis.call('ZADD', due, row.until_ms, 'again:' .. sid .. '@' .. whole(row.until_ms))
  end
end
if follows ~= '' then
  redis.call('HSET', suppressed, person, cjson.encode(row))
  local present = redis.call('HGET', people, person)
  if present then redis.call('SETBIT', roll, present * 32 + 6, 1) end
  for _, one in ipairs({present or '', redis.call('HGET', contacts, person) or ''}) do
    if one ~= '' and follows == 'suppressed' then redis.call('ZADD', due, now, 'inquire:' .. one) end
  end
end
if verdict == 'delivered' and moved then redis.call('DEL', softs) end

-- Whoever looks at what came back sees each thing once.
if graver then redis.call('XADD', receipts, 'MAXLEN', '~', listed, '*', unpack(ARGV, 11)) end
local first = verdict == 'blocked' and moved and redis.call('HSETNX', digest, 'blocked', note) or 0
return {graver and 1 or 0, follows, first}
