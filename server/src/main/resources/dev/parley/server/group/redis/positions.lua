-- Tells how far users have read in channels.
--
-- KEYS, for each question: the channel's positions; the same key may come again.
-- ARGV: unused, for each question: the user.
-- Returns for each what raise.lua wrote, or false.

local users = {}
local places = {}
for i, key in ipairs(KEYS) do
  if not users[key] then
    users[key] = {}
    places[key] = {}
  end
  table.insert(users[key], ARGV[i + 1])
  table.insert(places[key], i)
end

local results = {}
for key, of_key in pairs(users) do
  local found = redis.call('HMGET', key, unpack(of_key))
  for i, place in ipairs(places[key]) do
    results[place] = found[i]
  end
end
return results
