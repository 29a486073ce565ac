-- Takes a club out of a reader, and the reader with it if nothing else is left.
-- KEYS: the reader. ARGV: field of the club, then how fields begin that are its.
redis.call('HDEL', KEYS[1], ARGV[1])
local left = 0
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local own = false
  for i = 2, #ARGV do
    own = own or string.sub(field, 1, #ARGV[i]) == ARGV[i]
  end
  if own then
    redis.call('HDEL', KEYS[1], field)
  elseif field ~= 's' then
    left = left + 1
  end
end
if left == 0 then
  redis.call('DEL', KEYS[1])
end
return 1
