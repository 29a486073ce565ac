-- Marks an event as seen and takes from what a reader may ask, as bot.Rate.Take
-- says. Times are in milliseconds.
-- KEYS: allowance, events. ARGV: now, every, burst, event, until when it counts.
-- Returns {1, 0} for an event that was seen, else {0, how long to wait}.
local now, every, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if ARGV[4] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  if redis.call('ZADD', KEYS[2], 'NX', ARGV[5], ARGV[4]) == 0 then
    return {1, 0}
  end
  redis.call('PEXPIRE', KEYS[2], ARGV[5] - now)
end
if every <= 0 or burst <= 0 then
  return {0, 0}
end
local whole = burst * every
local state = tonumber(redis.call('GET', KEYS[1]) or now)
state = math.min(math.max(state, now), now + whole)
local wait = state - now - (whole - every)
if wait <= 0 then
  wait = 0
  state = state + every
end
redis.call('SET', KEYS[1], string.format('%.0f', state), 'PX', string.format('%.0f', state - now))
return {0, wait}
