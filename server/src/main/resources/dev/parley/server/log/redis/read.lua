-- Reads a piece of a channel's log together with its last place.
--
-- KEYS: meta, log.
-- ARGV: from, to (or +), limit, 1 to keep the newest of them and 0 the oldest.
-- Returns false when the channel has no epoch, or epoch, seq and the entries, as XRANGE gives them, the newest first
-- when these are kept.

local head = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if not head[1] then
  return false
end
local entries
if ARGV[4] == '1' then
  entries = redis.call('XREVRANGE', KEYS[2], ARGV[2], ARGV[1], 'COUNT', ARGV[3])
else
  entries = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
end
return { head[1], head[2], entries }
