-- Tells what groups say of themselves.
--
-- KEYS, for each group: its members.
-- ARGV: unused, for each group: unused.
-- Returns for each whether it exists, how many members it has and its description, each false where it is not there.

local results = {}
for i, key in ipairs(KEYS) do
  results[i] = redis.call('HMGET', key, '~', '~#', '~d')
end
return results
