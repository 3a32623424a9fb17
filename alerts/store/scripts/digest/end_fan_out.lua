#!lua flags=allow-oom
-- Ends the fan-out of a digest whose frozen are all in batches: it is done when the last of those is.
-- KEYS digest, recipients, due   ARGV entry   Returns 1, or 0 if others were gathered meanwhile.
-- Twice is once: only what is being fanned out ends it.
local digest, recipients, due = unpack(KEYS)
if redis.call('EXISTS', recipients) == 1 then return 0 end
redis.call('ZREM', due, ARGV[1])
if redis.call('HGET', digest, 'state') ~= 'frozen' then return 1 end
local owed = tonumber(redis.call('HGET', digest, 'unsettled') or 0) > 0
redis.call('HSET', digest, 'state', owed and 'fanned' or 'done')
return 1
