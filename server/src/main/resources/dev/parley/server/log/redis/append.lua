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
-- Written for Redis 6.2 and later; time and expiry are Redis' own. Numbers are exact up to 2^53, but tostring goes over to
-- exponents at 10^14. What a usual append costs is its redis.call's: HMGET and HSET of meta once for each channel of the
-- batch, XADD and PUBLISH for each entry, and with a message id HGET and HSETNX.

local CHANNEL_ARGS = 6
local ENTRY_ARGS = 6
local MOST_DROPPED = 32

local publish = ARGV[1]
local new_epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function text(number)
  return string.format('%.0f', number)
end

local now_text = text(now)
local metas = {}
local channels = {}

local function ring(channel, message)
  if publish ~= '' then
    redis.call(publish, channel.bell, message)
  end
end

-- Begins a new life of the log. What is left of the one before must not be taken for part of it: its entries go now, its
-- message ids when the first new one is remembered, since meta then does not know their period.
local function begin(channel)
  local meta = channel.meta
  redis.call('UNLINK', channel.log, channel.meta_key)
  if meta.epoch then
    ring(channel, 'n')
  end
  meta.epoch = new_epoch
  meta.seq = 0
  meta.tag = '0'
  meta.due = 0
  meta.periods = {}
  meta.begun = true
  meta.changed = true
end

local function load(channel)
  local meta = metas[channel.meta_key]
  if not meta then
    local stored = redis.call('HMGET', channel.meta_key, 'epoch', 'seq', 'tag', 'due', channel.period_field)
    meta = {
      epoch = stored[1],
      seq = tonumber(stored[2] or 0),
      tag = stored[3] or '0',
      due = tonumber(stored[4] or 0),
      periods = { [channel.period_field] = stored[5] }
    }
    metas[channel.meta_key] = meta
  elseif channel.window > 0 and not meta.begun then
    meta.periods[channel.period_field] = redis.call('HGET', channel.meta_key, channel.period_field)
  end
  channel.meta = meta
  if not meta.epoch or (channel.known_epoch == meta.epoch and channel.known_seq > meta.seq) then
    begin(channel)
  end
end

-- The two hashes of message ids are used in turn, period by period; the last period in which one was remembered stands in
-- meta. The hash of the period before needs no check: it expires before its turn as the former one comes again.
local function turn(channel)
  local stored = tonumber(channel.meta.periods[channel.period_field] or -1)
  local period = math.floor(now / channel.window)
  -- A clock that was set back must not make a former period the present one.
  if stored > period then
    period = stored
  end
  channel.present = channel.sent[period % 2 + 1]
  channel.former = channel.sent[(period + 1) % 2 + 1]
  if stored ~= period then
    redis.call('UNLINK', channel.present)
    if stored ~= period - 1 then
      redis.call('UNLINK', channel.former)
    end
    channel.turned_to = text(period)
  end
end

-- Notes where an entry with this id is going to stand, or returns where and when the first one stands already.
local function claim(channel, id, place)
  if not channel.present then
    turn(channel)
  end
  local earlier = redis.call('HGET', channel.former, id)
  if earlier then
    return earlier
  end
  local claimed = redis.pcall('HSETNX', channel.present, id, place)
  if claimed == 0 then
    return redis.call('HGET', channel.present, id)
  end
  if claimed ~= 1 then
    return nil, claimed.err
  end
  if channel.turned_to then
    redis.call('PEXPIRE', channel.present, 2 * channel.window)
    redis.call('HSET', channel.meta_key, channel.period_field, channel.turned_to)
    channel.meta.periods[channel.period_field] = channel.turned_to
    channel.turned_to = nil
  end
  return nil
end

-- Takes a claim back. With its last id the hash is gone, and must get its expiry anew.
local function disclaim(channel, id)
  redis.call('HDEL', channel.present, id)
  if redis.call('EXISTS', channel.present) == 0 then
    redis.call('HDEL', channel.meta_key, channel.period_field)
    channel.meta.periods[channel.period_field] = nil
    channel.present = nil
  end
end

local function add(channel, seq, tag, entry)
  local added = redis.pcall('XADD', channel.log, 'MAXLEN', channel.trim, channel.entries, seq .. '-0', 'e', entry, 't', now_text, 'g', tag)
  return type(added) == 'table' and added.err
end

local function append(channel, deadline, tag, entry_time, id, entry)
  if now > deadline then
    return '-'
  end
  local meta = channel.meta
  local seq = text(meta.seq + 1)
  if id ~= '' then
    local earlier, failure = claim(channel, id, seq .. ' ' .. entry_time)
    if earlier then
      return '=' .. meta.epoch .. ' ' .. earlier
    end
    if failure then
      return '!' .. failure
    end
  end
  local failure = add(channel, seq, tag, entry)
  if failure and string.find(failure, 'equal or smaller', 1, true) then
    -- The stream is ahead of meta, which no script leaves behind: the log is not what it was.
    begin(channel)
    channel.present = nil
    return append(channel, deadline, tag, entry_time, id, entry)
  end
  if failure then
    if id ~= '' then
      disclaim(channel, id)
    end
    return '!' .. failure
  end
  local previous = meta.tag
  meta.seq = meta.seq + 1
  meta.tag = tag
  meta.changed = true
  local place = meta.epoch .. ' ' .. seq .. ' ' .. previous
  ring(channel, 'e' .. place .. ' ' .. tag .. '\n' .. entry)
  return '+' .. place
end

-- Drops entries over age, a few at a time: a channel that was silent for long must not keep Redis from other work. Returns
-- when the oldest that is left was appended, or nil without entries.
local function drop_old(channel)
  local oldest = redis.call('XRANGE', channel.log, '-', '+', 'COUNT', MOST_DROPPED + 1)
  local keep = 1
  while keep < #oldest and now - tonumber(oldest[keep][2][4]) > channel.age do
    keep = keep + 1
  end
  if keep > 1 then
    redis.call('XTRIM', channel.log, 'MINID', oldest[keep][1])
  end
  return oldest[keep] and tonumber(oldest[keep][2][4])
end

-- What needs no doing at every append: renews the expiry, for a 16th longer than asked for and so due again after a 16th, and
-- drops what is over age by a 32nd. Without entries it is due again at once, as the stream's expiry goes with the stream.
local function tend(channel)
  local keep = math.min(channel.age, channel.idle)
  redis.call('PEXPIRE', channel.log, math.ceil(keep * 17 / 16))
  redis.call('PEXPIRE', channel.meta_key, math.ceil(channel.idle * 17 / 16))
  local oldest = drop_old(channel)
  local due = oldest and math.ceil(math.min(now + keep / 16, oldest + channel.age * 33 / 32)) or 0
  redis.call('HSET', channel.meta_key, 'epoch', channel.meta.epoch, 'due', due, 'idle', channel.idle, 'used', now)
end

-- Writes down where a channel is now.
local function store(channel)
  local meta = channel.meta
  if meta.changed then
    meta.changed = false
    redis.call('HSET', channel.meta_key, 'seq', meta.seq, 'tag', meta.tag)
    if now >= meta.due then
      tend(channel)
    end
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
    period_field = 'period:' .. ARGV[arg + 2],
    entries = ARGV[arg + 3],
    age = tonumber(ARGV[arg + 4]),
    idle = tonumber(ARGV[arg + 5])
  }
  key = key + 3
  if channel.window > 0 then
    channel.sent = { KEYS[key], KEYS[key + 1] }
    key = key + 2
  end
  -- '~' leaves up to a hundred entries more, which would be much for a small log.
  channel.trim = tonumber(channel.entries) < 200 and '=' or '~'
  load(channel)
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
