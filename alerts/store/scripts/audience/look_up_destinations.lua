#!lua flags=no-writes
-- Looks people up, or contacts, as one command instead of one each.
-- Returns per sid: {address, audience, standing, zone, name, names, language, how many situations
-- they have muted}.
-- ARGV prefix, sid…   Twice is harmless: it only reads.
local found = {}
for i = 2, #ARGV do
  local person = ARGV[1] .. (tonumber(ARGV[i]) > 900000000 and 'contact:' or 'subscriber:') .. ARGV[i]
  local row = redis.call('HMGET', person, 'address', 'audience', 'standing', 'zone', 'name', 'names', 'language')
  row[8] = redis.call('SCARD', ARGV[1] .. 'muted:' .. ARGV[i])
  found[i - 1] = row
end
return found
