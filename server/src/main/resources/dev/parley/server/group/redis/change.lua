-- Changes a user's seat, if seat and group are still as they were seen.
-- KEYS: the group's members. ARGV: user, whether the group existed (1 or 0), the seat's version ('' for none), the new seat, how many
-- members more that makes. Returns 1 when it was changed. A seat's second word is its version.
local key, user = KEYS[1], ARGV[1]
if redis.call('HEXISTS', key, '~') ~= tonumber(ARGV[2]) then
  return 0
end
local seat = redis.call('HGET', key, user)
local version = seat and string.match(seat, '^%S+ (%S+)') or ''
if version ~= ARGV[3] then
  return 0
end
redis.call('HSET', key, '~', '1', user, ARGV[4])
redis.call('HINCRBY', key, '~#', ARGV[5])
return 1
