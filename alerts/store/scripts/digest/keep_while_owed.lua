#!lua flags=allow-oom
-- Keeps a digest and all that belongs to it as long as anything of it is owed; from then on it expires.
-- KEYS digest, due   ARGV keep (s), gather entry: as long as that is owed, a correction may still go to others
-- Twice is once: what expires already goes on expiring since its digest was done.
local digest, due = unpack(KEYS)
local state = redis.call('HGET', digest, 'state')
local over = state == 'done' and not redis.call('ZSCORE', due, ARGV[2])
if not state or over == (redis.call('TTL', digest) >= 0) then return 0 end
local keys = {digest}
for _, part in ipairs({'message', 'audiences', 'gathered', 'notes', 'doubts', 'replies'}) do
  keys[#keys + 1] = digest .. ':' .. part
end
for k = 1, tonumber(redis.call('HGET', digest, 'batches') or 0) do
  keys[#keys + 1] = digest .. ':batch:' .. k
end
for _, key in ipairs(keys) do
  if over then redis.call('EXPIRE', key, ARGV[1]) else redis.call('PERSIST', key) end
end
return 1
