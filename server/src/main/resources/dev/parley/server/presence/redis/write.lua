-- Puts down or takes away who is on.
-- KEYS: the group's presence. ARGV: milliseconds after which it expires when unused, then a field and its value ('' to take it away), and so on.
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
