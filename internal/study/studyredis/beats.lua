local out = {}
for i = 1, #KEYS / 2 do
  local person_key, key = KEYS[2 * i - 1], KEYS[2 * i]
  local person, text = read_person(person_key), redis.call('GET', key)
  if not person or not text then
    out[i] = { MISSING, '' }
  else
    local s = read_state(text)
    local verdict = judge(policy, person, s, read_beat(ARGV[2 + i]), now)
    if verdict == ACCEPTED then
      text = write_state(s)
      redis.call('SET', key, text, 'PX', policy.keep)
      keep_person(person_key, person)
    end
    out[i] = { verdict, verdict <= REPEATED and text or '' }
  end
end
return out
