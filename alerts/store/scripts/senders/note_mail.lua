#!lua
-- Keeps what became of a mail under each of its names, unless one is known: then says what became of that one.
-- With it, in the same instant: the draft that it became, if so, and the answer that is owed for it.
-- KEYS sender, due, answer, drafts, draft, name of the mail, of what it says   ARGV what became of it, ms to keep that, now (ms),
--   counter, why it was refused, answer as JSON (or none), ms to keep that, answer entry,
--   draft id (or none), draft as JSON, document, first look (ms), end entry, ms to keep what became of what it says
-- Twice is once: the second finds the names.
for i = 6, #KEYS do
  local known = redis.call('GET', KEYS[i])
  if known then return known end
end
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
for i = 6, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', i == 6 and ARGV[2] or ARGV[14]) end
redis.call('HINCRBY', KEYS[1], ARGV[4], 1)
redis.call('HSET', KEYS[1], 'came_ms', ARGV[3])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'why', ARGV[5]) end
if ARGV[6] ~= '' and redis.call('SET', KEYS[3], ARGV[6], 'PX', ARGV[7]) then redis.call('ZADD', KEYS[2], ARGV[3], ARGV[8]) end
if ARGV[9] == '' then return false end
redis.call('DEL', KEYS[5])
redis.call('HSET', KEYS[5], 'draft', ARGV[10], 'document', ARGV[11])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[9])
redis.call('ZADD', KEYS[2], ARGV[12], ARGV[13])
return false
