-- Changes a user's seat, if seat and group are still as they were seen.
-- KEYS: the group's members. ARGV: user, whether the group existed (1 or 0), the seat's version ('' for none), the new seat, how many
-- members more that makes, the most there may be, whether an owner is needed besides (1 or 0), whether that is so only while others are in it.
-- Returns 0 when it was changed, 1 when something is not as it was seen, 2 when the group is full, 3 when nobody else owns it.
-- A seat's first word is its role, the second its version.
local key, user, more = KEYS[1], ARGV[1], tonumber(ARGV[5])
if redis.call('HEXISTS', key, '~') ~= tonumber(ARGV[2]) then
  return 1
end
local seat = redis.call('HGET', key, user)
local version = seat and string.match(seat, '^%S+ (%S+)') or ''
if version ~= ARGV[3] then
  return 1
end
local members = tonumber(redis.call('HGET', key, '~#') or 0)
if more > 0 and members >= tonumber(ARGV[6]) then
  return 2
end

local function has_another_owner()
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', key, cursor, 'COUNT', 500)
    cursor = page[1]
    for i = 1, #page[2], 2 do
      if page[2][i] ~= user and string.sub(page[2][i + 1], 1, 6) == 'owner ' then
        return true
      end
    end
  until cursor == '0'
  return false
end

local alone = ARGV[8] == '1' and members <= 1
if ARGV[7] == '1' and not alone and not has_another_owner() then
  return 3
end
redis.call('HSET', key, '~', '1', user, ARGV[4])
redis.call('HINCRBY', key, '~#', more)
return 0
