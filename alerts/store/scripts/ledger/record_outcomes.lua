#!lua flags=allow-oom
-- Writes outcomes into the ledger and keeps the counters equal to it. Returns -1 if the lease is not ours any
-- more (a zombie records nothing), else 1, or 0 when nothing further may be sent: the digest was stopped, or superseded
-- by a newer revision than the claim knew of, so that it must be asked anew who still wants this one.
-- KEYS digest, batch, lease, notes, rates   ARGV token, lease (ms), superseded by, then per delivery: sid (each once),
--   value, note or '', whose server took it (channel and domain) or ''
-- What was sent is counted by its day, as `take_receipt` counts what comes back of it.
-- Twice is once: values are set, and counters move by the difference.
-- Who is suppressed (x) after something was noted of them keeps that; of several such notes, the first.
-- Whoever was unknown (u) stays in doubt, deferred or ended, until the provider says yes, or was asked (value!).
local digest, batch, lease, notes, rates = unpack(KEYS)
if redis.call('GET', lease) ~= ARGV[1] then return -1 end
redis.call('PEXPIRE', lease, ARGV[2])
local rank = {q = 0, d = 0, u = 0, s = 1, f = 1, x = 1, e = 1, r = 1, m = 1, v = 2, b = 3, c = 4}
local doubtful = {d = 'u', x = 'm', e = 'm', r = 'm'}
local sids, written, noted, moved, sent, age = {}, {}, {}, {}, {}, nil
for i = 4, #ARGV, 4 do sids[#sids + 1] = ARGV[i] end
for i, was in ipairs(#sids > 0 and redis.call('HMGET', batch, unpack(sids)) or {}) do
  local sid, value, note, taker = unpack(ARGV, 4 * i, 4 * i + 3)
  local old, new, rest, mark = (was or '?'):sub(1, 1), value:match('^(.)([%d+]*)([?!]?)$')
  local unsettled = old == 'u' and mark ~= '!'
  new = unsettled and doubtful[new] or new
  value = new .. rest .. (new == 'f' and (unsettled or mark == '?') and '?' or '')
  if rank[old] and (rank[new] > rank[old] or rank[old] == 0) then
    written[#written + 1], written[#written + 2] = sid, value
    moved[old] = (moved[old] or 0) - 1
    moved[new] = (moved[new] or 0) + 1
    if new == 's' and taker ~= '' then age, sent[taker] = rest:match('%+(%d+)'), (sent[taker] or 0) + 1 end
    local before = new == 'x' and redis.call('HGET', notes, sid) or note
    before = before:match('%(before that: (.*)%)$') or before
    if before ~= note then note = note .. ' (before that: ' .. before .. ')' end
    if note ~= '' then noted[#noted + 1], noted[#noted + 2] = sid, note end
  end
end
if #written > 0 then redis.call('HSET', batch, '!', '0:' .. ARGV[1], unpack(written)) end
if #noted > 0 then redis.call('HSET', notes, unpack(noted)) end
for letter, by in pairs(moved) do if by ~= 0 then redis.call('HINCRBY', digest, letter, by) end end
if age then
  local day = math.floor((redis.call('HGET', digest, 'at') + 1000 * age) / 86400000)
  for taker, n in pairs(sent) do
    redis.call('HINCRBY', rates .. day, 's ' .. taker:match('^%S+'), n)
    redis.call('HINCRBY', rates .. day, 's ' .. taker, n)
  end
  redis.call('EXPIRE', rates .. day, 3456000)
end
local stop, superseded = unpack(redis.call('HMGET', digest, 'stop', 'superseded'))
return (stop or (superseded or '0') ~= ARGV[3]) and 0 or 1
