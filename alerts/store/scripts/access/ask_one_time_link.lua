#!lua
-- Keeps a link that works once and owes the mail with it. Returns 1, or 0 if the address had its share of mails.
-- An invitation is kept with its link; one of before is replaced, and whatever is over leaves the index.
-- KEYS record, instants of mails to the address, due[, invitation, index of invitations]
-- ARGV record as JSON, ms it works, due entry, mails at most, ms, ms before it is mailed[, invitation, ms, person]
-- Twice is once: a record that is there was asked for by the same request.
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, at in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  if tonumber(at) <= now - ARGV[5] then redis.call('LPOP', KEYS[2]) end
end
if redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[4]) then return 0 end
redis.call('RPUSH', KEYS[2], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if KEYS[4] then
  redis.call('SET', KEYS[4], ARGV[7], 'PX', ARGV[8])
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now)
  redis.call('ZADD', KEYS[5], now + ARGV[8], ARGV[9])
  redis.call('PEXPIRE', KEYS[5], ARGV[8])
end
redis.call('ZADD', KEYS[3], now + ARGV[6], ARGV[3])
return 1
