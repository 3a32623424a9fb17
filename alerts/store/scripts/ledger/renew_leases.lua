#!lua flags=allow-oom
-- Renews leases that are still ours.   KEYS lease…   ARGV lease (ms), token…   Twice is harmless.
local kept = 0
for i, lease in ipairs(KEYS) do
  if redis.call('GET', lease) == ARGV[i + 1] then kept = kept + redis.call('PEXPIRE', lease, ARGV[1]) end
end
return kept
