-- Keeps a post, or keeps it no longer, and drops a few of those that have
-- expired. Times are in seconds.
-- KEYS: posts, their expiries. ARGV: id, value or nothing, when it expires, now.
-- Returns 1; or, and keeps all as it is, 0 where another form stands there, -1
-- where what stands there does not decode.
local old = redis.call('HGET', KEYS[1], ARGV[1])
if old and string.sub(old, 1, 1) ~= '\1' then
  return 0
end
if old and not pcall(cjson.decode, string.sub(old, 2)) then
  return -1
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
