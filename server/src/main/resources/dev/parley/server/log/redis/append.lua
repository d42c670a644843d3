-- Appends a batch of entries: all of them in one atomic step, in the order given.
--
-- KEYS, for each channel: meta, log, bell, and when its window is not 0 the two hashes of message ids.
-- ARGV: PUBLISH or '' (then the caller rings), an epoch for channels that need one, the number of channels,
--   for each channel: epoch and seq the caller knows, window in ms, entries kept, age kept in ms, idle time in ms,
--   for each entry: number of its channel, deadline (Redis time in ms), tag, its time, message id with sender or '', the entry.
-- Returns Redis' time and for each entry one line:
--   + epoch seq previous-tag    it was appended
--   = epoch seq time            it stands there already
--   -                           its deadline has passed
--   ! message                   Redis refused it
--
-- Written for Redis 6.2 and later; time and expiry are Redis' own. seq is exact up to 2^53, but must not be turned into
-- text by tostring, which goes over to exponents at 10^14.

local CHANNEL_ARGS = 6
local ENTRY_ARGS = 6
local MOST_DROPPED = 32

local publish = ARGV[1]
local new_epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local now_text = string.format('%.0f', now)

local metas = {}
local channels = {}

local function ring(channel, message)
  if publish ~= '' then
    redis.call(publish, channel.bell, message)
  end
end

-- Begins a new life of the log. What is left of the one before must not be read as part of it; its message ids carry
-- its epoch and are dropped when the first new one is remembered.
local function begin(channel)
  local meta = channel.meta
  redis.call('UNLINK', channel.log)
  if meta.epoch then
    ring(channel, 'n')
  end
  meta.epoch = new_epoch
  meta.seq = 0
  meta.tag = '0'
  meta.kept = 0
  meta.used = 0
  meta.oldest = now
  meta.begun = true
  meta.changed = true
end

local function load(channel)
  local meta = metas[channel.meta_key]
  if not meta then
    local stored = redis.call('HMGET', channel.meta_key, 'epoch', 'seq', 'tag', 'kept', 'used', 'oldest')
    meta = {
      epoch = stored[1],
      seq = tonumber(stored[2] or 0),
      tag = stored[3] or '0',
      kept = tonumber(stored[4] or 0),
      used = tonumber(stored[5] or 0),
      oldest = tonumber(stored[6] or 0)
    }
    metas[channel.meta_key] = meta
  end
  channel.meta = meta
  if not meta.epoch or (channel.known_epoch == meta.epoch and channel.known_seq > meta.seq) then
    begin(channel)
  end
end

-- Drops entries over age, a few at a time: a channel that was idle for long must not keep Redis from other work. Looks only
-- when the oldest is over age by a 32nd, so that a steady stream is not looked through at every append.
local function drop_old(channel)
  local meta = channel.meta
  if now - meta.oldest < channel.age * 33 / 32 then
    return
  end
  local oldest = redis.call('XRANGE', channel.log, '-', '+', 'COUNT', MOST_DROPPED + 1)
  local keep = 1
  while keep < #oldest and now - tonumber(oldest[keep][2][4]) > channel.age do
    keep = keep + 1
  end
  if keep > 1 then
    redis.call('XTRIM', channel.log, 'MINID', oldest[keep][1])
  end
  meta.oldest = tonumber(oldest[keep][2][4])
end

-- The two hashes of message ids are used in turn, period by period; which period a hash is for stands in its field '#'.
local function period(channel, back)
  return channel.meta.epoch .. ':' .. string.format('%.0f', math.floor(now / channel.window) - back)
end

local function sent_key(channel, back)
  return channel.sent[(math.floor(now / channel.window) - back) % 2 + 1]
end

local function find(channel, id)
  for back = 0, 1 do
    local found = redis.call('HMGET', sent_key(channel, back), '#', id)
    if found[2] and found[1] == period(channel, back) then
      return found[2]
    end
    if back == 0 then
      channel.turned = found[1] == period(channel, 0)
    end
  end
  return nil
end

local function remember(channel, id, place)
  local key = sent_key(channel, 0)
  if not channel.turned then
    redis.call('UNLINK', key)
    redis.call('HSET', key, '#', period(channel, 0))
    redis.call('PEXPIRE', key, 2 * channel.window)
    channel.turned = true
  end
  redis.call('HSET', key, id, place)
end

local function add(channel, seq_text, entry)
  return redis.pcall('XADD', channel.log, 'MAXLEN', channel.trim, channel.entries, seq_text .. '-0', 'e', entry, 't', now_text)
end

local function append(channel, deadline, tag, entry_time, id, entry)
  if now > deadline then
    return '-'
  end
  local meta = channel.meta
  if id ~= '' then
    local place = find(channel, id)
    if place then
      return '=' .. meta.epoch .. ' ' .. place
    end
  end
  local seq_text = string.format('%.0f', meta.seq + 1)
  local added = add(channel, seq_text, entry)
  if added.err and string.find(added.err, 'equal or smaller', 1, true) then
    -- The stream is ahead of meta, which no script leaves behind: the log is not what it was.
    begin(channel)
    channel.turned = false
    seq_text = '1'
    added = add(channel, seq_text, entry)
  end
  if added.err then
    return '!' .. added.err
  end
  local previous = meta.tag
  meta.seq = meta.seq + 1
  meta.tag = tag
  meta.changed = true
  if id ~= '' then
    remember(channel, id, seq_text .. ' ' .. entry_time)
  end
  drop_old(channel)
  local place = meta.epoch .. ' ' .. seq_text .. ' ' .. previous
  ring(channel, 'e' .. place .. ' ' .. tag .. '\n' .. entry)
  return '+' .. place
end

-- Writes down where a channel is now. Expiry is renewed only after a 16th of its time, and set longer by as much.
local function store(channel)
  local meta = channel.meta
  if not meta.changed then
    return
  end
  meta.changed = false
  redis.call('HSET', channel.meta_key, 'seq', string.format('%.0f', meta.seq), 'tag', meta.tag)
  local keep = math.min(channel.age, channel.idle)
  local renewed = meta.begun
  if now - meta.kept > keep / 16 then
    if redis.call('PEXPIRE', channel.log, string.format('%.0f', math.ceil(keep * 17 / 16))) == 1 then
      meta.kept = now
      renewed = true
    end
  end
  if now - meta.used > channel.idle / 16 then
    redis.call('PEXPIRE', channel.meta_key, string.format('%.0f', math.ceil(channel.idle * 17 / 16)))
    meta.used = now
    renewed = true
  end
  if renewed or meta.oldest ~= channel.oldest then
    redis.call('HSET', channel.meta_key, 'epoch', meta.epoch, 'idle', channel.idle_text,
      'kept', string.format('%.0f', meta.kept), 'used', string.format('%.0f', meta.used),
      'oldest', string.format('%.0f', meta.oldest))
  end
end

local key = 1
local arg = 4
for number = 1, tonumber(ARGV[3]) do
  local channel = {
    meta_key = KEYS[key],
    log = KEYS[key + 1],
    bell = KEYS[key + 2],
    known_epoch = ARGV[arg],
    known_seq = tonumber(ARGV[arg + 1]),
    window = tonumber(ARGV[arg + 2]),
    entries = ARGV[arg + 3],
    age = tonumber(ARGV[arg + 4]),
    idle = tonumber(ARGV[arg + 5]),
    idle_text = ARGV[arg + 5]
  }
  key = key + 3
  if channel.window > 0 then
    channel.sent = { KEYS[key], KEYS[key + 1] }
    key = key + 2
  end
  -- '~' leaves up to a hundred entries more, which would be much for a small log.
  channel.trim = tonumber(channel.entries) < 200 and '=' or '~'
  load(channel)
  channel.oldest = channel.meta.oldest
  channels[number] = channel
  arg = arg + CHANNEL_ARGS
end

local results = { now_text }
while arg <= #ARGV do
  local channel = channels[tonumber(ARGV[arg])]
  results[#results + 1] =
    append(channel, tonumber(ARGV[arg + 1]), ARGV[arg + 2], ARGV[arg + 3], ARGV[arg + 4], ARGV[arg + 5])
  arg = arg + ENTRY_ARGS
end
for _, channel in ipairs(channels) do
  store(channel)
end
return results
