-- Renews the lease of a node and rings the node's bell, which is the probe of both ways through Redis: a replica that was
-- a primary once still takes a PUBLISH, but not this write, and a subscription gone mute does not bring the ring back.
--
-- KEYS[1]  the lease, whose name is also the bell's
-- ARGV[1]  what the lease says about the node
-- ARGV[2]  milliseconds it holds
-- ARGV[3]  what is rung
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PUBLISH', KEYS[1], ARGV[3])
return 1
