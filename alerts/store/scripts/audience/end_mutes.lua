#!lua flags=allow-oom
-- Ends every mute of a situation that is over. Returns 1 if there was one, else 0.
-- KEYS mutes:{update}   ARGV prefix, update, how long (ms) it is remembered for slots that are still to run
-- Twice is once: nobody has it muted by then.
for _, sid in ipairs(redis.call('HKEYS', KEYS[1])) do
  redis.call('SREM', ARGV[1] .. 'muted:' .. sid, ARGV[2])
end
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
