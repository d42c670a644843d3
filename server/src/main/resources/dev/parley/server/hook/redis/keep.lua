-- Keeps events for a webhook until it has taken them.
--
-- KEYS, for each event: the stream of those that wait.
-- ARGV: how many may wait, for each event: the event.
-- Returns for each: 1, or 0 where too many wait already.

local results = {}
for i, key in ipairs(KEYS) do
  if redis.call('XLEN', key) >= tonumber(ARGV[1]) then
    results[i] = 0
  else
    redis.call('XADD', key, '*', 'e', ARGV[i + 1])
    results[i] = 1
  end
end
return results
