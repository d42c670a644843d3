-- Tells the last places of several channels, and begins an epoch where there is none, or where the log lost what the
-- caller knows of or has something else at its last place.
--
-- KEYS, for each channel: meta, log, bell.
-- ARGV: PUBLISH, an epoch for channels that need one, how long in ms a channel lives that was never appended to,
--   for each channel: epoch, seq and tag the caller knows, the tag 0 if it does not.
-- Returns epoch, seq and tag for each channel.

local publish = ARGV[1]
local new_epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function expire(key, idle)
  redis.call('PEXPIRE', key, math.ceil(idle * 17 / 16))
  redis.call('HSET', key, 'used', now)
end

local results = {}
local arg = 4
for key = 1, #KEYS, 3 do
  local meta = KEYS[key]
  local stored = redis.call('HMGET', meta, 'epoch', 'seq', 'used', 'idle', 'tag')
  local epoch = stored[1]
  local seq = stored[2] or '0'
  local idle = tonumber(stored[4] or ARGV[3])
  local tag = stored[5] or '0'
  local ahead = tonumber(ARGV[arg + 1]) - tonumber(seq)
  local replaced = ahead == 0 and ARGV[arg + 2] ~= '0' and ARGV[arg + 2] ~= tag
  if not epoch or (ARGV[arg] == epoch and (ahead > 0 or replaced)) then
    redis.call('UNLINK', KEYS[key + 1], meta)
    redis.call('HSET', meta, 'epoch', new_epoch, 'seq', '0', 'tag', '0', 'idle', idle)
    expire(meta, idle)
    if epoch then
      redis.call(publish, KEYS[key + 2], 'n')
    end
    epoch = new_epoch
    seq = '0'
    tag = '0'
  elseif now - tonumber(stored[3] or 0) > idle / 16 then
    expire(meta, idle)
  end
  results[#results + 1] = epoch
  results[#results + 1] = seq
  results[#results + 1] = tag
  arg = arg + 3
end
return results
