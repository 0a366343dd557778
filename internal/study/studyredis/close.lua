local text = redis.call('GET', KEYS[2])
if not text then return 0 end
local s = read_state(text)
if not flag(s, IS_CLOSED) then
  s.flags = s.flags + IS_CLOSED
  redis.call('SET', KEYS[2], write_state(s), 'PX', policy.keep)
end
return 1
