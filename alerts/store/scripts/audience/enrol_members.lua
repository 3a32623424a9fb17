#!lua flags=allow-oom
-- Counts who is missing from an audience or strays in it, going by their own hash; may put them right.
-- ARGV prefix, 1 to mend, how long joined remembers (ms), then pairs: sid, audience
-- Returns {missing, strays}. Twice is once: the second call finds everybody in their place.
local prefix, mend, missing, strays = ARGV[1], ARGV[2] == '1', 0, 0
local since = redis.call('TIME')[1] * 1000 - ARGV[3]
for i = 4, #ARGV, 2 do
  local sid, audience = ARGV[i], prefix .. 'audience:' .. ARGV[i + 1]
  local own = redis.call('HMGET', prefix .. 'subscriber:' .. sid, 'audience', 'standing', 'joined')
  local belongs, joined = own[1] == ARGV[i + 1] and not own[2], tonumber(own[3] or 0)
  local is = redis.call('SISMEMBER', audience .. ':members', sid) == 1
  local noted, newcomer = redis.call('ZSCORE', audience .. ':joined', sid), joined > since
  if belongs and not (is and (tonumber(noted or 0) == joined or not newcomer)) then
    missing = missing + 1
    if mend then redis.call('SADD', audience .. ':members', sid) end
    if mend and newcomer then redis.call('ZADD', audience .. ':joined', joined, sid) end
  elseif not belongs and (is or noted) then
    strays = strays + 1
    if mend then redis.call('SREM', audience .. ':members', sid) end
    if mend then redis.call('ZREM', audience .. ':joined', sid) end
  end
end
return {missing, strays}
