-- The oldest changes of membership that were begun some time ago and are not done yet.
-- KEYS: the changes under way, by when they began. ARGV: how many milliseconds ago at least, how many at most.
local now = redis.call('TIME')
local before = now[1] * 1000 + math.floor(now[2] / 1000) - ARGV[1]
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before, 'LIMIT', 0, ARGV[2])
