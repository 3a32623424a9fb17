#!lua flags=allow-oom
-- Moves an entry from an address as it was spelt to its identity. Returns 1, or 0 if it had to stay.
-- KEYS a hash   ARGV address, identity
-- Of two reasons not to send, people's own word stands. A second subscriber stays under their spelling.
-- Twice is once: the second call finds nothing under the old name, or what has to stay there.
local was = redis.call('HGET', KEYS[1], ARGV[1])
if not was then return 0 end
if redis.call('HSETNX', KEYS[1], ARGV[2], was) == 0 then
  if was:sub(1, 1) ~= '{' then return 0 end
  local by = cjson.decode(was).by
  if by == 'subscriber' or by == 'complaint' then redis.call('HSET', KEYS[1], ARGV[2], was) end
end
return redis.call('HDEL', KEYS[1], ARGV[1])
