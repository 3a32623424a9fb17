#!lua flags=allow-oom
-- Notices that the server's clock was put back, and takes the difference out of all that would wait for it: what is
-- due, deferred deliveries, leases, breakers. What waits for the calendar (slots, embargoes, ends of pauses) does
-- so still. Returns the difference (ms), or 0.
-- KEYS time, due, workers   ARGV prefix, least difference (ms), lease (ms), route…
-- Twice is once: the second call sees no difference.
local prefix, least, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local back = tonumber(redis.call('GET', KEYS[1]) or now) - now
redis.call('SET', KEYS[1], string.format('%.0f', now))
if back < least then return 0 end
local frozen = {}
for _, entry in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local step, key = entry:match('^([%a-]+)!?:(.+)$')
  local update, number = key:match('^(.+)%.r(%d+)$')
  local held = step == 'match' and redis.call('HEXISTS', prefix .. 'update:' .. update, 'a:' .. number) == 0
  if step ~= 'open' and step ~= 'resume' and step ~= 'again' and not held then redis.call('ZINCRBY', KEYS[2], -back, entry) end
  if step == 'send' then
    frozen[prefix .. 'digest:' .. key:match('^(.+)/')] = 'at'
    key = prefix .. 'lease:' .. key
    if redis.call('PTTL', key) > lease then redis.call('PEXPIRE', key, lease) end
  end
end
for i = 4, #ARGV do frozen[prefix .. 'breaker:' .. ARGV[i]] = 'until' end
for key, field in pairs(frozen) do
  if redis.call('HEXISTS', key, field) == 1 then redis.call('HINCRBY', key, field, -back) end
end
redis.call('DEL', KEYS[3])
return back
