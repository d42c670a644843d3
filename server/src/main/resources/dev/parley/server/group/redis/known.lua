-- Tells what is known of users.
--
-- KEYS, for each user: what seen.lua wrote.
-- ARGV: unused, for each user: unused.
-- Returns for each the name and in how many milliseconds it will be forgotten, or false.

local results = {}
for i, key in ipairs(KEYS) do
  local name = redis.call('GET', key)
  results[i] = name and { name, redis.call('PTTL', key) }
end
return results
