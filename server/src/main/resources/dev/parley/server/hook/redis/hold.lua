-- Takes or renews the right to tell a webhook.
--
-- KEYS: who has it, the stream of the events that wait. ARGV: who wants it, for how long in ms.
-- Returns how many events wait; -1 where another one has it.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return -1
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('XLEN', KEYS[2])
