-- Notes how many connections an instance has of each of some users.
--
-- KEYS, for each user: the hash with a number for each instance.
-- ARGV: for how long in ms it is kept, for each user: the instance, its number, and the living instances with a comma before and behind each.
-- Returns for each the sum over living instances. Those that are gone are cleared away only once they are many, since one that has just come may not be known as
-- living yet.

local many = 32
local totals = {}
for i, key in ipairs(KEYS) do
  local instance, number, alive = string.match(ARGV[i + 1], '^(%S+) (%d+) (%S+)$')
  if number == '0' then
    redis.call('HDEL', key, instance)
  else
    redis.call('HSET', key, instance, number)
    redis.call('PEXPIRE', key, ARGV[1])
  end
  local all = redis.call('HGETALL', key)
  local total = 0
  for j = 1, #all, 2 do
    if string.find(alive, ',' .. all[j] .. ',', 1, true) then
      total = total + tonumber(all[j + 1])
    elseif #all > 2 * many then
      redis.call('HDEL', key, all[j])
    end
  end
  totals[i] = total
end
return totals
