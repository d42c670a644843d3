-- Notes that users connect.
--
-- KEYS, for each user: what is known of them.
-- ARGV: for how long in ms, for each user: the name.
-- Returns a 1 for each.

local results = {}
for i, key in ipairs(KEYS) do
  redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
  results[i] = 1
end
return results
