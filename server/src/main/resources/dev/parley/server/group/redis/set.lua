-- Replaces a user's settings for a group.
-- KEYS: the user's settings. ARGV: group, the settings ('' for none), milliseconds to keep.
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
