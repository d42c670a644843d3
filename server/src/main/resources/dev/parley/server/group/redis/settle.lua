-- Notes that everybody was told of a seat's change.
-- KEYS: the group's members. ARGV: user, the seat's version, the seat from now on ('' to clear an empty one away).
local seat = redis.call('HGET', KEYS[1], ARGV[1])
if not seat or string.match(seat, '^%S+ (%S+)') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
