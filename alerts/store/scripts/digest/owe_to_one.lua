#!lua
-- Owes a digest to one person because an operator wants it sent. Returns 1, or 0 if it is owed, or was, already.
-- KEYS digest, recipients, due, digests of the update   ARGV id, JSON, sid, entry of its rendering
-- Twice is once: the second call finds the digest, whatever has become of it since.
local digest, recipients, due, digests = unpack(KEYS)
local id, json, sid, entry = unpack(ARGV)
if redis.call('HSETNX', digest, 'json', json) == 0 then return 0 end
redis.call('HSET', digest, 'state', 'open')
redis.call('SADD', recipients, sid)
redis.call('SADD', digests, id)
redis.call('ZADD', due, redis.call('TIME')[1] * 1000, entry)
return 1
