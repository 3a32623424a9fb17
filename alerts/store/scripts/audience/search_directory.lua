#!lua flags=no-writes
-- Finds lines of the directory that hold a text. Returns the numbers of their subscribers, a digit a control character,
-- each ended by a line feed.
-- KEYS blocks   ARGV the text, in two parts: the second begins with its rarest octet, for which it is looked for first
local head, tail = unpack(ARGV)
local found = {}
for _, key in ipairs(KEYS) do
  local block = redis.call('GET', key) or ''
  local at, last, sid = string.find(block, tail, 1, true), 0, nil
  while at do
    if at > #head and block:sub(at - #head, at - 1) == head then
      last, sid = select(2, string.find(block, '([\14-\23]+\n)', at))
      found[#found + 1] = sid
    else
      last = at
    end
    at = string.find(block, tail, last + 1, true)
  end
end
return table.concat(found)
