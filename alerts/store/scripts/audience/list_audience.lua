#!lua flags=allow-oom
-- Counts the sets that must list an audience as long as it has members, and do not, or else; may mend them.
-- KEYS its members, then those sets: its index entries, the audiences of its clock   ARGV audience, 1 to mend
-- Returns {missing, stale}. Twice is once: the second call finds it listed as it should be.
local served, found = redis.call('EXISTS', KEYS[1]), {0, 0}
for i = 2, #KEYS do
  if redis.call('SISMEMBER', KEYS[i], ARGV[1]) ~= served then
    found[2 - served] = found[2 - served] + 1
    if ARGV[2] == '1' then redis.call(served == 1 and 'SADD' or 'SREM', KEYS[i], ARGV[1]) end
  end
end
return found
