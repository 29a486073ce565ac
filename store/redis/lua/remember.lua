-- Notes where something is that a reader asked, and forgets of what has
-- expired. Times are in seconds.
-- KEYS: the reader's index. ARGV: what, when it expires, now.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('TTL', KEYS[1]) < ARGV[2] - ARGV[3] then
  redis.call('EXPIRE', KEYS[1], ARGV[2] - ARGV[3])
end
return 1
