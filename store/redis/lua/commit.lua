-- Makes a change of a club's library, whole or not at all, where its version
-- stands as it is thought to, and tells the other processes.
-- KEYS: the club, its members, then the hashes that are changed, of which the
-- last may be a stage. ARGV: version thought to stand, version to set, channel,
-- message, number of the stage among KEYS or 0, how many fields that has, who must
-- be a member or nothing, then three for each field: number of its hash among KEYS,
-- field, value; an empty value removes. In a stage, a field is the number, a space
-- and the field.
-- Returns 1; or, and changes nothing, 0 where the version stands otherwise or who
-- must be a member is none, -1 where another form stands in a field.
local now = redis.call('HGET', KEYS[1], 'v') or ''
if now == ARGV[2] then
  return 1
end
local stage = tonumber(ARGV[5])
if now ~= ARGV[1] or stage > 0 and redis.call('HLEN', KEYS[stage]) ~= tonumber(ARGV[6]) then
  return 0
end
if ARGV[7] ~= '' and redis.call('SISMEMBER', KEYS[2], ARGV[7]) == 0 then
  return 0
end
local staged = stage > 0 and redis.call('HKEYS', KEYS[stage]) or {}
local function place(staged)
  local at = string.find(staged, ' ', 1, true)
  return KEYS[tonumber(string.sub(staged, 1, at - 1))], string.sub(staged, at + 1)
end
local function foreign(key, field)
  local old = redis.call('HGET', key, field)
  return old and string.sub(old, 1, 1) ~= '\1'
end
for i = 8, #ARGV, 3 do
  if foreign(KEYS[tonumber(ARGV[i])], ARGV[i + 1]) then
    return -1
  end
end
for _, field in ipairs(staged) do
  if foreign(place(field)) then
    return -1
  end
end
-- Nothing is undone where a call fails: a server without room, or a user
-- without the right, fails at the first one. A version that says less than it
-- did is read whole.
redis.call('HSET', KEYS[1], 'v', ARGV[2])
for i = 8, #ARGV, 3 do
  if ARGV[i + 2] == '' then
    redis.call('HDEL', KEYS[tonumber(ARGV[i])], ARGV[i + 1])
  end
end
for i = 8, #ARGV, 3 do
  if ARGV[i + 2] ~= '' then
    redis.call('HSET', KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2])
  end
end
for _, field in ipairs(staged) do
  local key, name = place(field)
  redis.call('HSET', key, name, redis.call('HGET', KEYS[stage], field))
end
-- What follows may fail: a stage expires, and the version tells, too.
if stage > 0 then
  redis.pcall('DEL', KEYS[stage])
end
redis.pcall('PUBLISH', ARGV[3], ARGV[4])
return 1
