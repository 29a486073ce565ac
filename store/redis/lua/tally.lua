-- Adds to counts, up to a bound.
-- KEYS: the counts. ARGV: the bound, then two for each: field, how many.
-- Returns 1; or, and adds nothing, 0 where one is of another form, -1 where one
-- is no count.
for i = 2, #ARGV, 2 do
  local have = redis.call('HGET', KEYS[1], ARGV[i])
  if have and string.sub(have, 1, 1) ~= '\1' then
    return 0
  end
  if have and not string.find(have, '^.%d+$') then
    return -1
  end
end
for i = 2, #ARGV, 2 do
  local have = redis.call('HGET', KEYS[1], ARGV[i])
  have = have and tonumber(string.sub(have, 2)) or 0
  local sum = math.min(have + tonumber(ARGV[i + 1]), tonumber(ARGV[1]))
  redis.call('HSET', KEYS[1], ARGV[i], '\1' .. string.format('%.0f', sum))
end
return 1
