-- Sets a field of a hash where it stands as it is thought to; an empty value is
-- no field. Where values come back, so does what they are compared with: then it
-- counts, too, how often the hash was set, and that must stand as it is thought to.
-- KEYS: the hash. ARGV: field, value thought to stand, value to set, and count
-- thought to stand, count to set, or neither; then another field and what must
-- stand there, or neither.
-- Returns 1, or 0 where it stands otherwise.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
if ARGV[4] and (redis.call('HGET', KEYS[1], 's') or '') ~= ARGV[4] then
  return 0
end
if ARGV[6] and redis.call('HGET', KEYS[1], ARGV[6]) ~= ARGV[7] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
if ARGV[4] then
  redis.call('HSET', KEYS[1], 's', ARGV[5])
end
return 1
