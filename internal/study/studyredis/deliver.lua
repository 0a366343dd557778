-- ARGV[3] and on: a segment's number and its length in milliseconds.
-- Answers, for each, the verdict, the segments that were sent until now, and how much media they are; or how many milliseconds too early it is.
local SENT_AT = RARE_AT + struct.size('>I4I8I4')

-- noted is a state in which a segment was sent.
local function noted(text, bits, at, before, sent)
  return sub(text, 1, RARE_AT - 3) .. pack('>I2', #bits) .. sub(text, RARE_AT, SENT_AT - 1) .. pack('>I8', sent) ..
    sub(text, SENT_AT + 8, at - 1) .. bits .. sub(text, at + before)
end

local function deliver(key, fence_now, text, n, length)
  local flags, fence, opened, _, _, _, _, covered_size, before = unpack(FIXED, text)
  if band(flags, IS_CLOSED) ~= 0 then return CLOSED, '', 0 end
  if fence_now ~= fence then return FENCED, '', 0 end
  local at, sent = SETS_AT + covered_size, (unpack('>I8', text, SENT_AT))
  local bits = sub(text, at, at + before - 1)
  -- With the segments: whoever asks again may do so because the first answer was lost on its way.
  if has(bits, n) then return REPEATED, bits, sent end
  local over = sent + length - floor(max(0, now - opened) * policy.rate / 100) - policy.ahead
  if over > 0 then return TOO_EARLY, '', floor((over * 100 + policy.rate - 1) / policy.rate) end
  bits = (with_range(bits, 0, '', n, n + 1))
  sent = sent + length
  redis.call('SET', key, noted(text, bits, at, before, sent), 'KEEPTTL')
  return ACCEPTED, bits, sent
end

local out, texts, fresh = {}, redis.call('MGET', spread(KEYS)), {}
for i = 1, #KEYS / 2 do
  local key, person, text = KEYS[2 * i], texts[2 * i - 1], texts[2 * i]
  if fresh[key] then text = redis.call('GET', key) end -- of a session several may be asked for
  local verdict, bits, figure = MISSING, '', 0
  if person and text then
    verdict, bits, figure = deliver(key, (unpack('>I8', person)), text, unpack('>I4I4', ARGV[2 + i]))
    fresh[key] = fresh[key] or verdict == ACCEPTED
  end
  out[3 * i - 2], out[3 * i - 1], out[3 * i] = verdict, bits, pack('>I8', figure)
end
return out
