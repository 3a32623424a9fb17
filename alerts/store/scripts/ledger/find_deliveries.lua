#!lua flags=no-writes
-- Finds a subscriber's deliveries. Returns per digest: value in the ledger, 'q' if frozen and waiting, or ''.
-- ARGV prefix, sid, digest id…
-- What another number of theirs has, or may have, been delivered counts as well. What was still owed to that one
-- does not: it is gone, and so was never sent it.
local found, others = {}, {}
local merged = redis.call('HGETALL', ARGV[1] .. 'merged')
for i = 1, #merged, 2 do
  if merged[i + 1] == ARGV[2] then others[#others + 1] = merged[i] end
end
local function reached(value) return value:match('^[svcm]') or value:sub(-1) == '?' end

for i = 3, #ARGV do
  local digest = ARGV[1] .. 'digest:' .. ARGV[i]
  local best = redis.call('SISMEMBER', digest .. ':recipients', ARGV[2]) == 1 and 'q' or ''
  for k = 1, tonumber(redis.call('HGET', digest, 'batches') or 0) do
    local value = redis.call('HGET', digest .. ':batch:' .. k, ARGV[2])
    if value and not reached(best) then best = value end
    if value and #others == 0 then break end
    for _, other in ipairs(others) do
      value = redis.call('HGET', digest .. ':batch:' .. k, other)
      if value and reached(value) and not reached(best) then best = value end
    end
  end
  found[i - 2] = best
end
return found
