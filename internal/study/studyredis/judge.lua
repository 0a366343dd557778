-- The hot state of study, changed in one step. The rules are those of package
-- study, line by line; a differential test holds the two against each other.
--
-- KEYS: of every beat its person, then its session (one hash slot).
-- ARGV: policy, now, then one packed beat for each pair of keys.
-- Answers, for each beat, its verdict, the session's state and the length of the person's lease.
local floor, max, min = math.floor, math.max, math.min
local pack, unpack = struct.pack, struct.unpack

local ACCEPTED, REPEATED, MISSING, WRONG_SEQUENCE, WRONG_TOKEN = 0, 1, 2, 3, 4
local FENCED, CLOSED, TOO_FAST, NOT_DELIVERED, TOO_EARLY = 5, 6, 7, 8, 9

local STATE = '>BI8I4I8I8I4I8I8I4I4I4I8I4I4I4c12c12I2I2I2'
local ZERO = string.char(0)

local function read_state(text)
  local s = {}
  local at, reported, covered, delivered
  s.flags, s.fence, s.seq, s.opened, s.last, s.duration, s.verified, s.sent, s.resume, s.covered_s, s.completed_seq,
    s.credit_from, s.credit, s.part_from, s.part_to, s.prev, s.chain, reported, covered, delivered, at = unpack(STATE, text)
  s.report = text:sub(at, at + reported - 1)
  at = at + reported
  s.covered = text:sub(at, at + covered - 1)
  at = at + covered
  s.delivered = text:sub(at, at + delivered - 1)
  return s
end

local function write_state(s)
  return pack(STATE, s.flags, s.fence, s.seq, s.opened, s.last, s.duration, s.verified, s.sent, s.resume, s.covered_s, s.completed_seq,
    s.credit_from, s.credit, s.part_from, s.part_to, s.prev, s.chain, #s.report, #s.covered, #s.delivered) .. s.report .. s.covered .. s.delivered
end

local function has(bits, n)
  local byte = bits:byte(floor(n / 8) + 1)
  return byte ~= nil and bit.band(byte, bit.lshift(1, n % 8)) ~= 0
end

-- with_range is the set with first … last - 1, and how many of them are new.
local function with_range(bits, first, last)
  if last <= first then return bits, 0 end
  local low, high = floor(first / 8), floor((last - 1) / 8)
  if #bits < high + 1 then bits = bits .. ZERO:rep(high + 1 - #bits) end
  local out, fresh = {}, 0
  for i = low, high do
    local byte = bits:byte(i + 1)
    for n = max(first, i * 8), min(last - 1, i * 8 + 7) do
      local mask = bit.lshift(1, n % 8)
      if bit.band(byte, mask) == 0 then
        byte = byte + mask
        fresh = fresh + 1
      end
    end
    out[#out + 1] = string.char(byte)
  end
  return bits:sub(1, low) .. table.concat(out) .. bits:sub(high + 2), fresh
end

local function union(runs)
  table.sort(runs, function(a, b) return a[1] < b[1] end)
  local out = {}
  for _, r in ipairs(runs) do
    local last = out[#out]
    if last and r[1] <= last[2] then
      last[2] = max(last[2], r[2])
    else
      out[#out + 1] = { r[1], r[2] }
    end
  end
  return out
end

local function part_at(runs, playhead)
  if playhead % 1000 == 0 then return 0, 0 end
  for _, r in ipairs(runs) do
    if r[1] < playhead and playhead <= r[2] then return max(r[1], playhead - playhead % 1000), playhead end
  end
  return 0, 0
end

local function play(policy, s, b)
  if b.playhead < 0 then return end
  local runs = b.runs
  if s.part_to > s.part_from then
    runs = { { s.part_from, s.part_to } }
    for _, r in ipairs(b.runs) do runs[#runs + 1] = r end
    runs = union(runs)
  end
  for _, r in ipairs(runs) do
    local first, last = floor((r[1] + 999) / 1000), floor(r[2] / 1000)
    if r[2] >= s.duration then last = floor((s.duration + 999) / 1000) end
    local fresh
    s.covered, fresh = with_range(s.covered, first, last)
    s.covered_s = s.covered_s + fresh
  end
  s.part_from, s.part_to = part_at(runs, b.playhead)
  s.resume = b.playhead
  local needed = floor((floor((s.duration + 999) / 1000) * policy.share + 99) / 100)
  if bit.band(s.flags, 2) == 0 and s.covered_s >= needed then
    s.flags = s.flags + 2
    s.completed_seq = s.seq
  end
end

local function admit(person, s, b)
  if s.seq > 0 and b.seq == s.seq then
    return b.chain == s.prev and REPEATED or WRONG_TOKEN
  elseif bit.band(s.flags, 1) ~= 0 then
    return CLOSED
  elseif person.fence ~= s.fence then
    return FENCED
  elseif b.seq ~= s.seq + 1 then
    return WRONG_SEQUENCE
  elseif b.chain ~= s.chain then
    return WRONG_TOKEN
  end
  return ACCEPTED
end

local function judge(policy, person, s, b, now)
  local verdict = admit(person, s, b)
  if verdict ~= ACCEPTED then return verdict end
  local from = max(person['until'], s.opened, s.credit_from + s.credit, now - policy.grace)
  local window = max(0, now - from)
  if b.wall > window or b.media * 100 > window * policy.rate then return TOO_FAST end
  for _, r in ipairs(b.runs) do
    for n = r[3], r[4] do
      if not has(s.delivered, n) then return NOT_DELIVERED end
    end
  end
  person['until'] = from + b.wall
  s.credit_from, s.credit = from, b.wall
  s.seq, s.last = b.seq, now
  s.prev, s.chain = s.chain, b.next
  s.verified = s.verified + b.wall
  s.report = b.report
  play(policy, s, b)
  return ACCEPTED
end

local function read_beat(text)
  local b, count, reported, at = { runs = {} }
  b.seq, b.chain, b.next, b.wall, b.media, b.playhead, count, reported, at = unpack('>I4c12c12I8I8i4BI2', text)
  for i = 1, count do
    local from, to, first, last
    from, to, first, last, at = unpack('>I4I4I4I4', text, at)
    b.runs[i] = { from, to, first, last }
  end
  b.report = text:sub(at, at + reported - 1)
  return b
end

local policy = {}
policy.rate, policy.ahead, policy.grace, policy.share, policy.keep = unpack('>I8I8I8I8I8', ARGV[1])
local now = tonumber(ARGV[2])

local function read_person(key)
  local text = redis.call('GET', key)
  if not text then return nil end
  local p = {}
  p.fence, p['until'] = unpack('>I8I8', text)
  return p
end

local function keep_person(key, p)
  redis.call('SET', key, pack('>I8I8', p.fence, p['until']), 'PX', policy.keep)
end
