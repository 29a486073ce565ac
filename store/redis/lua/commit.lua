-- Makes a change of a club's library, whole or not at all, where its version
-- stands as it is thought to, and tells the other processes.
-- KEYS: the club, then the hashes that are changed, of which the last may be a
-- stage. ARGV: version thought to stand, version to set, channel, message,
-- number of the stage among KEYS or 0, then three for each field: number of its
-- hash among KEYS, field, value; an empty value removes. In a stage, a field is
-- the number, a space and the field.
-- Returns 1, or 0 where the version stands otherwise.
local now = redis.call('HGET', KEYS[1], 'v') or ''
if now == ARGV[2] then
  return 1
end
local stage = tonumber(ARGV[5])
if now ~= ARGV[1] or stage > 0 and redis.call('EXISTS', KEYS[stage]) == 0 then
  return 0
end
local function set(key, field, value)
  if value == '' then
    redis.call('HDEL', key, field)
  else
    redis.call('HSET', key, field, value)
  end
end
for i = 6, #ARGV, 3 do
  set(KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2])
end
if stage > 0 then
  for _, field in ipairs(redis.call('HKEYS', KEYS[stage])) do
    local at = string.find(field, ' ', 1, true)
    set(KEYS[tonumber(string.sub(field, 1, at - 1))], string.sub(field, at + 1), redis.call('HGET', KEYS[stage], field))
  end
  redis.call('DEL', KEYS[stage])
end
redis.call('HSET', KEYS[1], 'v', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
