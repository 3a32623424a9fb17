#!lua flags=allow-oom
-- Counts whose entry in the roll is not what their own hash says; may put it right.
-- KEYS roll, roll:audiences, roll:filters   ARGV prefix, 1 to mend, then of each five: sid, audience as it was read and
--   its line, suppressed:{channel} and identity; the last four are empty for nobody
-- Twice is once: the second call finds everybody as they are. Who has changed since was written with that.
local wrong, mend = 0, ARGV[2] == '1'
for i = 3, #ARGV, 5 do
  local own = redis.call('HMGET', ARGV[1] .. 'subscriber:' .. ARGV[i], 'audience', 'standing')
  if (own[1] or '') == ARGV[i + 1] then
    if own[1] and mend and redis.call('HSETNX', KEYS[2], own[1], redis.call('HLEN', KEYS[2]) + 1) == 1 then
      redis.call('APPEND', KEYS[3], ARGV[i + 2])
    end
    local entry = 0
    if own[1] then
      entry = (redis.call('HGET', KEYS[2], own[1]) or 0) * 4 + (own[2] and 1 or 0)
        + redis.call('HEXISTS', ARGV[i + 3], ARGV[i + 4]) * 2
    end
    local held, packed = redis.call('GETRANGE', KEYS[1], ARGV[i] * 4, ARGV[i] * 4 + 3), struct.pack('<I4', entry)
    if held ~= packed and (held ~= '' or own[1]) then
      wrong = wrong + 1
      if mend then redis.call('SETRANGE', KEYS[1], ARGV[i] * 4, packed) end
    end
  end
end
return wrong
