-- Sets a field of a hash where it stands as it is thought to; an empty value is
-- no field.
-- KEYS: the hash. ARGV: field, value thought to stand, value to set.
-- Returns 1, or 0 where it stands otherwise.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
