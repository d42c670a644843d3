-- A user's read positions.
-- KEYS: the positions of each channel. ARGV: user. Returns for each key the position, or nil.
local positions = {}
for i, key in ipairs(KEYS) do
  positions[i] = redis.call('HGET', key, ARGV[1])
end
return positions
