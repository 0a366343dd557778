-- ARGV[3], ARGV[4]: the segment's number and its length in milliseconds.
-- Answers the verdict, how many milliseconds too early, and the state.
local person, text = read_person(KEYS[1]), redis.call('GET', KEYS[2])
if not person or not text then return { MISSING, 0, '' } end
local s, n, length = read_state(text), tonumber(ARGV[3]), tonumber(ARGV[4])
read_rare(s)
if flag(s, IS_CLOSED) then return { CLOSED, 0, '' } end
if person.fence ~= s.fence then return { FENCED, 0, '' } end
-- With the state: whoever asks again may do so because the first answer was lost on its way.
if has(s.delivered, n) then return { REPEATED, 0, text } end
local over = s.sent + length - floor(max(0, now - s.opened) * policy.rate / 100) - policy.ahead
if over > 0 then return { TOO_EARLY, floor((over * 100 + policy.rate - 1) / policy.rate), '' } end
s.delivered = with_range(s.delivered, 0, '', n, n + 1)
s.sent = s.sent + length
text = write_state(s)
redis.call('SET', KEYS[2], text, 'PX', policy.keep)
return { ACCEPTED, 0, text }
