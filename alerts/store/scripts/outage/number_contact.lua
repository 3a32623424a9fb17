#!lua flags=allow-oom
-- Numbers a contact. Returns {number, address as it was first spelt}.
-- KEYS contacts:{channel}, contacts (the last number)   ARGV prefix, identity, address, channel, number before the first
-- Twice is once: the second call finds the number.
local prefix, person, address, channel, before = unpack(ARGV)
local sid = redis.call('HGET', KEYS[1], person)
if not sid then
  redis.call('SET', KEYS[2], before, 'NX')
  sid = string.format('%.0f', redis.call('INCR', KEYS[2]))
  redis.call('HSET', KEYS[1], person, sid)
  redis.call('HSET', prefix .. 'contact:' .. sid, 'address', address, 'channel', channel)
end
return {sid, redis.call('HGET', prefix .. 'contact:' .. sid, 'address')}
