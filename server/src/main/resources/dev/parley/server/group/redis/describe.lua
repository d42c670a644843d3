-- Changes a group's description, if the group exists and is still described as it was seen.
-- KEYS: the group's members. ARGV: the description's version ('' for none), the new description.
-- Returns 1 when it was changed. A description's first line is its version.
if redis.call('HEXISTS', KEYS[1], '~') == 0 then
  return 0
end
local now = redis.call('HGET', KEYS[1], '~d')
local version = now and string.match(now, '^[^\n]*') or ''
if version ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], '~d', ARGV[2])
return 1
