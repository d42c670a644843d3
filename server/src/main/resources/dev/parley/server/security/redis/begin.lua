-- The place in a stream at which everything was told that is older than a while, by Redis' own clock.
--
-- KEYS: the stream.
-- ARGV: the while in ms.
-- Returns the place.

local now = redis.call('TIME')
return string.format('%.0f-0', math.max(0, now[1] * 1000 + math.floor(now[2] / 1000) - ARGV[1]))
