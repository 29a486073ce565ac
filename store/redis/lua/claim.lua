-- Claims the editing of a club's posts for a while, where it is not done.
-- KEYS: the club, the claim. ARGV: how long, in milliseconds.
-- Returns up to which version it is done, or false.
local done = redis.call('HGET', KEYS[1], 'e') or ''
if done == (redis.call('HGET', KEYS[1], 'v') or '') then
  return false
end
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then
  return false
end
return done
