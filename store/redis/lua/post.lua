-- Keeps a post, or keeps it no longer, and drops a few of those that have
-- expired. Times are in seconds.
-- KEYS: posts, their expiries. ARGV: id, value or nothing, when it expires, now,
-- the value without who asked, for where they were forgotten.
-- Returns 1, or 2 where they were; or, and keeps all as it is, 0 where another
-- form stands there, -1 where what stands there does not decode.
local old = redis.call('HGET', KEYS[1], ARGV[1])
if old and string.sub(old, 1, 1) ~= '\1' then
  return 0
end
local value, kept = ARGV[2], 1
if old then
  local decoded, stands = pcall(cjson.decode, string.sub(old, 2))
  if not decoded then
    return -1
  end
  if not stands.command then
    value, kept = ARGV[5], 2
  end
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4], 'LIMIT', 0, 64)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return kept
end
redis.call('HSET', KEYS[1], ARGV[1], value)
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for _, key in ipairs(KEYS) do
  if redis.call('TTL', key) < ARGV[3] - ARGV[4] then
    redis.call('EXPIRE', key, ARGV[3] - ARGV[4])
  end
end
return kept
