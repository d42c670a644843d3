-- Appends a batch of entries: all of them in one atomic step, run by run. A run is entries of one channel that follow each
-- other and share a window; a channel may have several runs, in the order given.
--
-- KEYS, for each run: meta, log, bell, and when its window is not 0 the two hashes of message ids.
-- ARGV: PUBLISH or '' (then the caller rings), an epoch for channels that need one, the number of runs,
--   for each run: epoch and seq the caller knows, window in ms, entries kept, age kept in ms, idle time in ms, deadline (Redis
--   time in ms), tag, the number of its entries,
--     for each entry: where the window is not 0 the message id with its sender and the entry's time; the entry.
-- Returns Redis' time and then lines that tell, run by run, of the entries in their order:
--   +number epoch seq previous-tag    so many were appended, the first of them here
--   =epoch seq time                   one stands there already
--   -number                           so many had a deadline that has passed
--   !message                          Redis refused one
--
-- Written for Redis 6.2 and later; time and expiry are Redis' own. What an append costs is its redis.call's and the strings
-- made on the way: Redis' Lua hashes every byte of a new string, 1.7 ns each. So each entry has one XADD and is one string;
-- everything else goes once for a run: HMGET and HSET of meta, and with message ids HMGET of both hashes and HSET of one.
-- The entries of a run of several were published by the caller ahead of this, and only their place is rung here.

local RUN_ARGS = 9
local MOST_DROPPED = 32

local publish = ARGV[1]
local new_epoch = ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- '%.0f' takes twice as long, and tostring goes over to exponents at 10^14; numbers are exact up to 2^53.
local function text(number)
  return string.format('%d', number)
end

local now_text = text(now)
local metas = {}
local results = { now_text }

local function tell(line)
  results[#results + 1] = line
end

local function ring(run, message)
  if publish ~= '' then
    redis.call(publish, run.bell, message)
  end
end

-- Begins a new life of the log. What is left of the one before must not be taken for part of it: its entries go now, its
-- message ids when the first new one is remembered, since meta then does not know their period.
local function begin(run)
  local meta = run.meta
  redis.call('UNLINK', run.log, run.meta_key)
  if meta.epoch then
    ring(run, 'n')
  end
  meta.epoch = new_epoch
  meta.seq = 0
  meta.tag = '0'
  meta.due = 0
  meta.periods = {}
  meta.begun = true
  meta.changed = true
end

local function load(run)
  local meta = metas[run.meta_key]
  if not meta then
    local stored = redis.call('HMGET', run.meta_key, 'epoch', 'seq', 'tag', 'due', run.period_field)
    meta = {
      epoch = stored[1],
      seq = tonumber(stored[2] or 0),
      tag = stored[3] or '0',
      due = tonumber(stored[4] or 0),
      periods = { [run.period_field] = stored[5] }
    }
    metas[run.meta_key] = meta
  elseif run.sent and not meta.begun then
    meta.periods[run.period_field] = redis.call('HGET', run.meta_key, run.period_field)
  end
  run.meta = meta
  if not meta.epoch or (run.known_epoch == meta.epoch and tonumber(run.known_seq) > meta.seq) then
    begin(run)
  end
end

-- The two hashes of message ids are used in turn, period by period; the last period in which one was remembered stands in
-- meta. The hash of the period before needs no check: it expires before its turn as the former one comes again.
local function turn(run)
  local stored = tonumber(run.meta.periods[run.period_field] or -1)
  local period = math.floor(now / tonumber(run.window))
  -- A clock that was set back must not make a former period the present one.
  if stored > period then
    period = stored
  end
  run.present = run.sent[period % 2 + 1]
  run.former = run.sent[(period + 1) % 2 + 1]
  if stored ~= period then
    redis.call('UNLINK', run.present)
    if stored ~= period - 1 then
      redis.call('UNLINK', run.former)
    end
    run.turned_to = text(period)
  end
end

local function id_of(run, number)
  return ARGV[run.arg + 3 * number - 3]
end

local function entry_of(run, number)
  return ARGV[run.arg + run.args * number - 1]
end

-- Notes where the entries of a run from this one on are going to stand. Returns where and when those stand that are repeats,
-- and the same without those that repeat one of this run; and why Redis refused that, if it did.
local function claim(run, from)
  if not run.present then
    turn(run)
  end
  local ids = {}
  for number = from, run.number do
    ids[#ids + 1] = id_of(run, number)
  end
  local former = redis.call('HMGET', run.former, unpack(ids))
  local present = redis.call('HMGET', run.present, unpack(ids))
  local stands, found, places, claims = {}, {}, {}, {}
  local seq = run.meta.seq
  for i, id in ipairs(ids) do
    local number = from + i - 1
    found[number] = former[i] or present[i] or nil
    stands[number] = found[number] or places[id]
    if not stands[number] then
      seq = seq + 1
      places[id] = text(seq) .. ' ' .. ARGV[run.arg + 3 * number - 2]
      claims[#claims + 1] = id
      claims[#claims + 1] = places[id]
    end
  end
  if #claims == 0 then
    return stands, found
  end
  local claimed = redis.pcall('HSET', run.present, unpack(claims))
  if type(claimed) == 'table' then
    return found, found, claimed.err
  end
  if run.turned_to then
    redis.call('PEXPIRE', run.present, 2 * run.window)
    redis.call('HSET', run.meta_key, run.period_field, run.turned_to)
    run.meta.periods[run.period_field] = run.turned_to
    run.turned_to = nil
  end
  return stands, found
end

-- Takes claims back from this entry on. With its last id the hash is gone, and must get its expiry anew.
local function disclaim(run, from, stands)
  for number = from, run.number do
    if not stands[number] then
      redis.call('HDEL', run.present, id_of(run, number))
    end
  end
  if redis.call('EXISTS', run.present) == 0 then
    redis.call('HDEL', run.meta_key, run.period_field)
    run.meta.periods[run.period_field] = nil
    run.present = nil
  end
end

-- The last entry of a run has the stream trimmed for all of them.
local function add(run, seq, entry, is_last)
  local id = text(seq) .. '-0'
  local added
  if is_last then
    -- '~' leaves up to a hundred entries more, which would be much for a small log.
    local trim = tonumber(run.entries) < 200 and '=' or '~'
    added = redis.pcall('XADD', run.log, 'MAXLEN', trim, run.entries, id, 'e', entry, 't', now_text, 'g', run.tag)
  else
    added = redis.pcall('XADD', run.log, id, 'e', entry, 't', now_text, 'g', run.tag)
  end
  return type(added) == 'table' and added.err
end

-- Rings and tells of what was appended: the entries of a run from one to before another.
local function appended(run, from, to)
  if from == to then
    return
  end
  local meta = run.meta
  local place = meta.epoch .. ' ' .. text(meta.seq + 1) .. ' ' .. meta.tag
  if publish ~= '' then
    if run.number == 1 then
      ring(run, 'e' .. place .. ' ' .. run.tag .. '\n' .. entry_of(run, 1))
    else
      ring(run, 'b' .. from .. ' ' .. to - from .. ' ' .. place .. ' ' .. run.tag)
    end
  end
  meta.seq = meta.seq + to - from
  meta.tag = run.tag
  meta.changed = true
  tell('+' .. to - from .. ' ' .. place)
end

local function append(run, from)
  if now > run.deadline then
    tell('-' .. run.number - from + 1)
    if run.number > 1 then
      ring(run, 'x' .. run.tag)
    end
    return
  end
  local meta = run.meta
  local stands, found, refusal = {}, nil, nil
  if run.sent then
    stands, found, refusal = claim(run, from)
  end
  local last = run.number
  while stands[last] do
    last = last - 1
  end
  local first = from
  for number = from, run.number do
    local failure
    if not stands[number] and not refusal then
      failure = add(run, meta.seq + 1 + number - first, entry_of(run, number), number == last)
    end
    if failure or refusal or stands[number] then
      appended(run, first, number)
      first = number + 1
    end
    if failure and string.find(failure, 'equal or smaller', 1, true) then
      -- The stream is ahead of meta, which no script leaves behind: the log is not what it was.
      begin(run)
      run.present = nil
      return append(run, number)
    end
    if failure then
      refusal = failure
      if run.sent then
        disclaim(run, number, stands)
        stands = found
      end
    end
    if stands[number] then
      tell('=' .. meta.epoch .. ' ' .. stands[number])
    elseif refusal then
      tell('!' .. refusal)
    end
  end
  appended(run, first, run.number + 1)
  if first > run.number and run.number > 1 then
    -- Whoever has the run's entries waits for the place of the last one.
    ring(run, 'x' .. run.tag)
  end
end

-- Drops entries over age, a few at a time: a channel that was silent for long must not keep Redis from other work. Returns
-- when the oldest that is left was appended, or nil without entries.
local function drop_old(run, age)
  local oldest = redis.call('XRANGE', run.log, '-', '+', 'COUNT', MOST_DROPPED + 1)
  local keep = 1
  while keep < #oldest and now - tonumber(oldest[keep][2][4]) > age do
    keep = keep + 1
  end
  if keep > 1 then
    redis.call('XTRIM', run.log, 'MINID', oldest[keep][1])
  end
  return oldest[keep] and tonumber(oldest[keep][2][4])
end

-- What needs no doing at every append: renews the expiry, for a 16th longer than asked for and so due again after a 16th, and
-- drops what is over age by a 32nd. Without entries it is due again at once, as the stream's expiry goes with the stream.
local function tend(run)
  local age = tonumber(run.age)
  local idle = tonumber(run.idle)
  local keep = math.min(age, idle)
  redis.call('PEXPIRE', run.log, math.ceil(keep * 17 / 16))
  redis.call('PEXPIRE', run.meta_key, math.ceil(idle * 17 / 16))
  local oldest = drop_old(run, age)
  local due = oldest and math.ceil(math.min(now + keep / 16, oldest + age * 33 / 32)) or 0
  redis.call('HSET', run.meta_key, 'epoch', run.meta.epoch, 'due', due, 'idle', idle, 'used', now_text)
end

-- Writes down where a run's channel is now.
local function store(run)
  local meta = run.meta
  if meta.changed then
    meta.changed = false
    redis.call('HSET', run.meta_key, 'seq', text(meta.seq), 'tag', meta.tag)
    if now >= meta.due then
      tend(run)
    end
  end
end

local runs = {}
local key = 1
local arg = 4
for place = 1, tonumber(ARGV[3]) do
  local run = {
    meta_key = KEYS[key],
    log = KEYS[key + 1],
    bell = KEYS[key + 2],
    known_epoch = ARGV[arg],
    known_seq = ARGV[arg + 1],
    window = ARGV[arg + 2],
    entries = ARGV[arg + 3],
    age = ARGV[arg + 4],
    idle = ARGV[arg + 5],
    deadline = tonumber(ARGV[arg + 6]),
    tag = ARGV[arg + 7],
    number = tonumber(ARGV[arg + 8]),
    arg = arg + RUN_ARGS,
    args = 1,
    period_field = 'period:' .. ARGV[arg + 2]
  }
  key = key + 3
  if run.window ~= '0' then
    run.sent = { KEYS[key], KEYS[key + 1] }
    run.args = 3
    key = key + 2
  end
  arg = run.arg + run.args * run.number
  load(run)
  runs[place] = run
end
for _, run in ipairs(runs) do
  append(run, 1)
end
for _, run in ipairs(runs) do
  store(run)
end
return results
