-- How often, in beats of a session, what Redis holds of it is given its time anew.
local REFRESH = 64

-- Written out once: whatever Redis is given as a number it prints as a float, which takes longer than all the rest of a command.
local offsets = {}
local function offset(n)
  local text = offsets[n]
  if not text then
    text = tostring(n)
    offsets[n] = text
  end
  return text
end

-- keep writes the state that was judged: the whole text and the end of it that is new.
local function keep(key, person_key, s)
  local refresh = s.seq % REFRESH == 0
  if refresh then redis.call('PEXPIRE', person_key, policy.keep) end
  if not s.changed and not refresh then
    local live = write_live(s)
    if s.live_at + #live <= #s.text + 1 then
      redis.call('SETRANGE', key, offset(s.live_at - 1), live)
      return s.text, live
    end
  end
  local text = write_state(s)
  if refresh then
    redis.call('SET', key, text, 'PX', policy.keep)
  else
    redis.call('SET', key, text, 'KEEPTTL')
  end
  return text, ''
end

local out, texts, fresh = {}, redis.call('MGET', spread(KEYS)), {}
for i = 1, #KEYS / 2 do
  local person_key, key = KEYS[2 * i - 1], KEYS[2 * i]
  local person, text, live = texts[2 * i - 1], texts[2 * i], ''
  if fresh[key] then text = redis.call('GET', key) end -- a session may stand here twice
  local verdict = MISSING
  if person and text then
    local fence, used = unpack('>I8I8', person)
    local s = read_state(text)
    verdict = judge(policy, fence, used, s, read_beat(ARGV[2 + i]), now)
    if verdict == ACCEPTED then
      text, live = keep(key, person_key, s)
      fresh[key] = true
    end
  end
  out[3 * i - 2], out[3 * i - 1], out[3 * i] = verdict, verdict <= REPEATED and text or '', live
end
return out
