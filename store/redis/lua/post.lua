-- Keeps a post, or keeps it no longer, and drops a few of those that have
-- expired. Times are in seconds.
-- KEYS: posts, their expiries. ARGV: id, value or nothing, when it expires, now.
-- Returns 1, or 0 where a newer form stands there.
local old = redis.call('HGET', KEYS[1], ARGV[1])
if old and string.byte(old) ~= 1 then
  return 0
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4], 'LIMIT', 0, 64)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 1
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for _, key in ipairs(KEYS) do
  if redis.call('TTL', key) < ARGV[3] - ARGV[4] then
    redis.call('EXPIRE', key, ARGV[3] - ARGV[4])
  end
end
return 1
