-- Removes a club once it has no members, and tells the other processes.
-- KEYS: the members, then all else that is the club's. ARGV: channel, message.
-- Returns 1; or, and removes nothing, 0 where there are members.
if redis.call('SCARD', KEYS[1]) > 0 then
  return 0
end
redis.call('UNLINK', unpack(KEYS))
redis.pcall('PUBLISH', ARGV[1], ARGV[2])
return 1
