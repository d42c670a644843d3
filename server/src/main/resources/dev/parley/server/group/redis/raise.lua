-- Raises a read position; one of another epoch is replaced.
-- KEYS: the channel's positions. ARGV: user, epoch, seq, milliseconds to keep. Returns 1 when it rose.
-- Numbers of Lua hold every seq, as these stay below 2^53.
local before = redis.call('HGET', KEYS[1], ARGV[1])
local from = 0
if before then
  local seq, epoch = string.match(before, '^(%d+) (.*)$')
  if epoch == ARGV[2] then
    from = tonumber(seq)
  end
end
if tonumber(ARGV[3]) <= from then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
