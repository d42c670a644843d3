-- Gives the right to tell a webhook away, for who still has it.
-- KEYS: who has it. ARGV: who gives it away.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 1
