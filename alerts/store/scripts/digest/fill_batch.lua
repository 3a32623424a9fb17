#!lua flags=allow-oom
-- Moves up to `size` of the frozen into the next batch and owes its sending. Returns the batch's number, or 0.
-- KEYS digest, recipients, due   ARGV id, send prefix, size
-- Twice is harmless: a second call takes other people, and the sweep rings for a batch whose reply was lost.
local digest, recipients, due = unpack(KEYS)
local id, send, size = unpack(ARGV)
local time = redis.call('TIME')
local sids = redis.call('SPOP', recipients, size)
if #sids == 0 then return 0 end
local k = redis.call('HINCRBY', digest, 'batches', 1)
redis.call('HINCRBY', digest, 'unsettled', 1)
redis.call('HINCRBY', digest, 'q', #sids)
local fields = {}
for i, sid in ipairs(sids) do fields[2 * i - 1], fields[2 * i] = sid, 'q' end
redis.call('HSET', digest .. ':batch:' .. k, unpack(fields))
redis.call('ZADD', due, time[1] * 1000 + 2000, send .. id .. '/' .. k)
return k
