-- Reads a piece of a channel's log together with its last place.
--
-- KEYS: meta, log.
-- ARGV: from, to (or +), most entries, most bytes, 1 to keep the newest of them and 0 the oldest.
-- Returns false when the channel has no epoch, or epoch, seq, 1 when it ended at one of the two bounds and 0 at the range's
-- end, and the entries, as XRANGE gives them, the newest first when these are kept. The last one may pass the bytes.

local FIRST = 16
local MOST = 64

local head = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not head[1] then
  return false
end
local newest = ARGV[5] == '1'
local command = newest and 'XREVRANGE' or 'XRANGE'
local from = newest and ARGV[2] or ARGV[1]
local to = newest and ARGV[1] or ARGV[2]
local left = tonumber(ARGV[3])
local bytes = tonumber(ARGV[4])
local entries = {}
-- In steps, so that a log of large entries is not read by the hundred to give a few of them.
local step = math.min(left, FIRST)
local more = '1'
while left > 0 and bytes > 0 do
  local found = redis.call(command, KEYS[2], from, to, 'COUNT', step)
  for _, entry in ipairs(found) do
    if bytes > 0 then
      entries[#entries + 1] = entry
      bytes = bytes - #entry[2][2]
    end
  end
  if #found < step then
    more = bytes > 0 and '0' or '1'
    break
  end
  left = left - step
  step = math.min(left, MOST)
  from = '(' .. found[#found][1]
end
return { head[1], head[2], more, entries }
