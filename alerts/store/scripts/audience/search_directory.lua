#!lua flags=no-writes
-- Finds lines of the directory that hold a text. Returns the numbers of their subscribers, a digit a control character,
-- each ended by a line feed.
-- KEYS blocks   ARGV the text, in two parts: the second begins with its rarest octet, for which it is looked for first;
--   how many octets of the first block are passed over
-- Twice is harmless: it only reads.
local head, tail, passed = unpack(ARGV)
local found, misses = {}, 0
for _, key in ipairs(KEYS) do
  local block = redis.call('GET', key) or ''
  local at, last, sid = string.find(block, tail, passed + 1, true)
  while at do
    if at > #head and block:sub(at - #head, at - 1) == head then
      last, sid = select(2, string.find(block, '([\14-\23]+\n)', at))
      found[#found + 1] = sid
    else
      last, misses = at, misses + 1
      if misses == 100 then  -- what follows it here is common: C compares the whole text faster
        head, tail, last = '', head .. tail, at - #head
      end
    end
    at = string.find(block, tail, last + 1, true)
  end
  passed = 0
end
return table.concat(found)
