-- Ends a claim of edits where they are as they were then, and there is a library.
-- KEYS: the club, the claim. ARGV: up to which version they were made, and are;
-- nothing for none.
-- Returns 1, or 0 where another has meanwhile made some.
if not redis.call('HGET', KEYS[1], 'v') or (redis.call('HGET', KEYS[1], 'e') or '') ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], 'e')
else
  redis.call('HSET', KEYS[1], 'e', ARGV[2])
end
redis.call('DEL', KEYS[2])
return 1
