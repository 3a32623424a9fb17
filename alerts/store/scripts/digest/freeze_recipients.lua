#!lua flags=allow-oom
-- Freezes the recipients at one instant and exchanges `render` for `fan`. Returns how many, or -1 if not open.
-- KEYS digest, audiences, recipients, members, gathered, excluded, due
-- ARGV prefix, entry, next entry, joined by (ms), 1 for a correction: who is among them is not gathered again
-- Twice is once: only an open digest is frozen. People included one by one stay, whenever they joined.
local digest, audiences, recipients, members, gathered, excluded, due = unpack(KEYS)
local prefix, entry, following, cut, correcting = unpack(ARGV)
redis.call('ZREM', due, entry)
if redis.call('HGET', digest, 'state') ~= 'open' then return -1 end
local aids = redis.call('SMEMBERS', audiences)
for i = 1, #aids, 7000 do  -- unpack takes no more than 8,000
  local sets = {}
  for j = i, math.min(i + 6999, #aids) do sets[#sets + 1] = prefix .. 'audience:' .. aids[j] .. ':members' end
  redis.call('SUNIONSTORE', members, members, unpack(sets))
end
for _, aid in ipairs(aids) do
  local late = redis.call('ZRANGEBYSCORE', prefix .. 'audience:' .. aid .. ':joined', '(' .. cut, '+inf')
  for i = 1, #late, 5000 do redis.call('SREM', members, unpack(late, i, math.min(i + 4999, #late))) end
end
redis.call('SDIFFSTORE', members, members, excluded)
redis.call('SUNIONSTORE', recipients, recipients, members)
redis.call('DEL', members, excluded)
if correcting == '1' then redis.call('SUNIONSTORE', gathered, gathered, recipients) end
local time = redis.call('TIME')
local count = redis.call('SCARD', recipients)
redis.call('HSET', digest, 'state', 'frozen', 'at', time[1] * 1000 + math.floor(time[2] / 1000), 'n', count)
redis.call('ZADD', due, time[1] * 1000 + 1000, following)
return count
