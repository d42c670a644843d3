-- Replaces a mark in a user's list by what is true.
-- KEYS: the list. ARGV: group, the mark, the role ('' for no member). Returns 1 when it was this mark that stood there.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
