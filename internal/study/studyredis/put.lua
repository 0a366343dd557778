-- Puts what PostgreSQL knows of a session and its person where it is missing.
-- ARGV[3]: the person; ARGV[4]: the session.
local given, person, s = {}, read_person(KEYS[1]), nil
given.fence, given['until'] = unpack('>I8I8', ARGV[3])
local text = redis.call('GET', KEYS[2])
if text then
  s = read_state(text)
else
  s = read_state(ARGV[4])
  redis.call('SET', KEYS[2], ARGV[4], 'PX', policy.keep)
end
if not person or given.fence >= person.fence then
  local holds = s.fence == given.fence
  -- A beat that was judged but is not yet in PostgreSQL has used its clock already.
  if text and holds then given['until'] = max(given['until'], s.credit_from + s.credit) end
  -- What a lost state of the holder had used and never kept is free again. A
  -- session of the past says nothing about what the holder has used.
  if (text or not holds) and person and person.fence == given.fence then given['until'] = max(given['until'], person['until']) end
  keep_person(KEYS[1], given)
end
return 1
