-- Reads the first page of users' lists of groups, which for nearly everybody is all of it.
--
-- KEYS, for each user: the list.
-- ARGV: how many fields make a page, for each user: unused.
-- Returns for each what HSCAN gives: a cursor, 0 for all, and fields with their values.

local results = {}
for i, key in ipairs(KEYS) do
  results[i] = redis.call('HSCAN', key, 0, 'COUNT', ARGV[1])
end
return results
