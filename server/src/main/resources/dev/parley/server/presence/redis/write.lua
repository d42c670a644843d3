-- Puts down or takes away who is on, unless that comes too late.
-- KEYS: the group's presence. ARGV: deadline (Redis time in ms), milliseconds after which it expires when unused, then a field and its value ('' to take it
-- away), and so on. Returns 0, or Redis' time when the deadline has passed.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then
  return now
end
local gone = {}
local here = {}
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    gone[#gone + 1] = ARGV[i]
  else
    here[#here + 1] = ARGV[i]
    here[#here + 1] = ARGV[i + 1]
  end
end
if #gone > 0 then
  redis.call('HDEL', KEYS[1], unpack(gone))
end
if #here > 0 then
  redis.call('HSET', KEYS[1], unpack(here))
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
