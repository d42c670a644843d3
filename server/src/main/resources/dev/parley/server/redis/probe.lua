-- Writes a key and rings the bell of the same name, which proves both ways: a replica that was a primary once still takes a
-- PUBLISH, but not this write, and a subscription gone mute does not bring the ring back.
--
-- KEYS[1]  the key and bell
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  milliseconds the key stays
redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
redis.call(ARGV[1], KEYS[1], 'p')
return 1
