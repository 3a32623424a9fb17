#!lua flags=allow-oom
-- Returns what is due and pushes each entry to now + patience, so that a backlog does not multiply itself.
-- KEYS due   ARGV most, patience (ms) of urgent and control work, of routine sends
-- Twice is harmless: the second call finds the first one's entries pushed away; their bells come one patience later.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
local waiting = redis.call('ZCARD', KEYS[1])
local short, long = tonumber(ARGV[2]), tonumber(ARGV[3]) + 10 * waiting
for _, entry in ipairs(found) do
  redis.call('ZADD', KEYS[1], 'XX', now + (entry:sub(1, 5) == 'send:' and long or short), entry)
end
return found
