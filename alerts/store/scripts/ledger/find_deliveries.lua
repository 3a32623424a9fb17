#!lua flags=no-writes
-- Finds a subscriber's deliveries. Returns per digest: value in the ledger, 'q' if frozen and waiting, or ''.
-- ARGV prefix, sid, digest id…
local found = {}
for i = 3, #ARGV do
  local digest = ARGV[1] .. 'digest:' .. ARGV[i]
  found[i - 2] = redis.call('SISMEMBER', digest .. ':recipients', ARGV[2]) == 1 and 'q' or ''
  for k = 1, tonumber(redis.call('HGET', digest, 'batches') or 0) do
    local value = redis.call('HGET', digest .. ':batch:' .. k, ARGV[2])
    if value then found[i - 2] = value break end
  end
end
return found
