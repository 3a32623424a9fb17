#!lua
-- Has a draft wait, in place of an earlier one of the same id, and owes its end. An item that it came of is noted.
-- KEYS draft, drafts, due, feed, items   ARGV id, draft as JSON, document, now (ms), first look (ms), end entry, item, what is kept of it
-- Twice is once: the same is written again, unless what became of the item is known by then.
local draft, drafts, due, feed, items = unpack(KEYS)
if ARGV[7] ~= '' then
  if redis.call('HGET', items, ARGV[7]) == ARGV[8] or redis.call('EXISTS', feed) == 0 then return 0 end
  redis.call('HSET', items, ARGV[7], ARGV[8])
end
redis.call('DEL', draft)
redis.call('HSET', draft, 'draft', ARGV[2], 'document', ARGV[3])
redis.call('ZADD', drafts, ARGV[4], ARGV[1])
redis.call('ZADD', due, ARGV[5], ARGV[6])
return 1
