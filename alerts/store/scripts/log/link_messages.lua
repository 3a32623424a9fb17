#!lua
-- Finds the situation of a message and of all that it is linked to, begins one where there is none, and makes one
-- of several: the newest goes on, the others are joined to it. Returns its update.
-- KEYS the message, what it is linked to (messages, incidents) …
-- ARGV prefix of the keys of situations, update to begin, seconds to keep
-- Twice is once: what is linked stays so.
local prefix, update, keep = unpack(ARGV)
local function root(id)
  local further = redis.call('HGET', prefix .. id, 'joined')
  return further and root(further) or id
end
local function put(key, field, value)
  redis.call('HSET', key, field, value)
  redis.call('EXPIRE', key, keep)
end
local found, newest = {}, -1
for _, key in ipairs(KEYS) do
  local id = redis.call('HGET', key, 'situation')
  if id then found[root(id)] = tonumber(redis.call('HGET', prefix .. root(id), 'newest') or 0) end
end
for id, at in pairs(found) do
  if at > newest or (at == newest and id < update) then update, newest = id, at end
end
found[update] = nil
for id in pairs(found) do put(prefix .. id, 'joined', update) end
for id in pairs(found) do put(prefix .. update, 'also:' .. id, 1) end
for _, key in ipairs(KEYS) do put(key, 'situation', update) end
return update
