-- Notes that a change of membership is about to be made.
-- KEYS: the changes under way, by when they began. ARGV: the change.
local now = redis.call('TIME')
redis.call('ZADD', KEYS[1], now[1] * 1000 + math.floor(now[2] / 1000), ARGV[1])
return 1
