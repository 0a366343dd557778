local text = redis.call('GET', KEYS[2])
if not text then return 0 end
local s = read_state(text)
if bit.band(s.flags, 1) == 0 then
  s.flags = s.flags + 1
  redis.call('SET', KEYS[2], write_state(s), 'PX', policy.keep)
end
return 1
