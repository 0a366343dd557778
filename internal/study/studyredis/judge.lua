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
local CHECK_FIRST, UNKNOWN_CHECK, ENOUGH = 10, 11, 12
local CONFIRMED, WAITING, ASKED, PASSED, WRONG, MISSED, FINISHED, EXTENDED = 0, 1, 2, 3, 4, 5, 6, 7

-- Bits of a state's flags.
local IS_CLOSED, IS_COMPLETE, ONCE_WRONG, IS_EXTENDED = 1, 2, 4, 8

local STATE = '>BBI8I4I8I8I4I4I4I4I8I4I4I4I8I4I4I4I4I8I4I4I4c12c12c16I8I4I2I2I2I2I2'
local ZERO = string.char(0)
local NO_CHECK = ZERO:rep(16)

local function read_state(text)
  local s = {}
  local at, reported, covered, pending, pending_at, delivered
  s.flags, s.outcome, s.fence, s.seq, s.opened, s.last, s.duration, s.unit, s.need, s.window, s.verified, s.pending_ms, s.forfeited, s.unchecked,
    s.sent, s.resume, s.covered_s, s.pending_s, s.completed_seq, s.credit_from, s.credit, s.part_from, s.part_to, s.prev, s.chain,
    s.check, s.by, s.check_seq, reported, covered, pending_at, pending, delivered, at = unpack(STATE, text)
  s.report = text:sub(at, at + reported - 1)
  at = at + reported
  s.covered = text:sub(at, at + covered - 1)
  at = at + covered
  s.pending = ZERO:rep(pending_at) .. text:sub(at, at + pending - 1)
  at = at + pending
  s.delivered = text:sub(at, at + delivered - 1)
  return s
end

local function write_state(s)
  -- What is pending is often far into the lesson: the empty bytes before it are only counted.
  local pending_at = (s.pending:find('[^%z]') or 1) - 1
  local pending = s.pending:sub(pending_at + 1)
  return pack(STATE, s.flags, s.outcome, s.fence, s.seq, s.opened, s.last, s.duration, s.unit, s.need, s.window, s.verified, s.pending_ms, s.forfeited, s.unchecked,
    s.sent, s.resume, s.covered_s, s.pending_s, s.completed_seq, s.credit_from, s.credit, s.part_from, s.part_to, s.prev, s.chain,
    s.check, s.by, s.check_seq, #s.report, #s.covered, pending_at, #pending, #s.delivered) .. s.report .. s.covered .. pending .. s.delivered
end

local function flag(s, bits) return bit.band(s.flags, bits) ~= 0 end

local function has(bits, n)
  local byte = bits:byte(floor(n / 8) + 1)
  return byte ~= nil and bit.band(byte, bit.lshift(1, n % 8)) ~= 0
end

local ONES = { [0] = 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4 }

-- with_range is the set with those of first … last - 1 that known has not, and how many of them are new.
local function with_range(bits, known, first, last)
  if last <= first then return bits, 0 end
  local low, high = floor(first / 8), floor((last - 1) / 8)
  local out, fresh, top = {}, 0, -1
  for i = low, high do
    local byte = bits:byte(i + 1) or 0
    local asked = 2 ^ min(last - i * 8, 8) - 2 ^ max(first - i * 8, 0)
    local new = bit.band(asked, bit.bnot(bit.bor(byte, known:byte(i + 1) or 0)))
    fresh = fresh + ONES[bit.band(new, 15)] + ONES[bit.rshift(new, 4)]
    byte = byte + new
    if byte ~= 0 then top = i end
    out[i - low + 1] = string.char(byte)
  end
  if fresh == 0 then return bits, 0 end
  local before = bits:sub(1, low)
  if #before < low then before = before .. ZERO:rep(low - #before) end
  -- A set is only as long as its highest byte needs.
  if high + 1 >= #bits then return before .. table.concat(out, '', 1, top - low + 1), fresh end
  return before .. table.concat(out) .. bits:sub(high + 2), fresh
end

local function joined(a, b)
  if #b == 0 then return a end
  local out, from = {}, b:find('[^%z]') or #b + 1
  for i = from, #b do out[#out + 1] = string.char(bit.bor(a:byte(i) or 0, b:byte(i))) end
  local before = a:sub(1, from - 1)
  return before .. ZERO:rep(from - 1 - #before) .. table.concat(out) .. a:sub(#b + 1)
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

local function play(s, b)
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
    s.pending, fresh = with_range(s.pending, s.covered, first, last)
    s.pending_s = s.pending_s + fresh
  end
  s.part_from, s.part_to = part_at(runs, b.playhead)
  s.resume = b.playhead
end

local function enough(s)
  if s.unit == 0 then return s.covered_s + s.pending_s >= s.need end
  local unit = floor(s.unit / 1000)
  local units = floor(floor((s.duration + 999) / 1000) / unit)
  if s.covered_s + s.pending_s < s.need * units then return false end
  for u = 0, units - 1 do
    local n, at = 0, u * unit
    while at < (u + 1) * unit and n < s.need do
      if has(s.covered, at) or has(s.pending, at) then n = n + 1 end
      at = at + 1
    end
    if n < s.need then return false end
  end
  return true
end

local function confirm(s)
  s.verified = s.verified + s.pending_ms
  s.covered_s = s.covered_s + s.pending_s
  s.covered = joined(s.covered, s.pending)
  s.pending_ms, s.pending_s, s.pending = 0, 0, ''
end

-- check opens another check, or none; the marks on the one before go.
local function check(s, id, by, seq)
  s.check, s.by, s.check_seq = id, by, seq
  s.flags = bit.band(s.flags, IS_CLOSED + IS_COMPLETE)
end

local function pass(s)
  check(s, NO_CHECK, 0, 0)
  s.unchecked = 0
  confirm(s)
end

local function miss(s, link)
  s.forfeited = s.forfeited + s.pending_ms
  s.pending_ms, s.pending_s, s.pending = 0, 0, ''
  check(s, link .. pack('>I4', 4294967295), 0, s.seq)
end

local function due(policy, unchecked, wall, luck)
  local open = min(wall, unchecked - policy.gap)
  if open <= 0 then return false end
  if unchecked >= max(policy.gap, 2 * policy.mean) then return true end
  return luck * max(1, floor((policy.mean - policy.gap) * 6 / 5)) < open * 16777216
end

local function is_late(policy, s, now)
  if s.check == NO_CHECK or s.by == 0 then return false end
  local till = s.by
  if s.seq == s.check_seq then till = max(till, s.last + policy.grace) end
  return now > till
end

local function answer(s, b, late)
  if late then
    miss(s, b.next)
    return MISSED
  elseif not b.reply then
    return WAITING
  elseif b.more then
    if flag(s, IS_EXTENDED) or s.by == 0 then return WAITING end
    s.flags = s.flags + IS_EXTENDED
    s.by = s.by + s.window
    return EXTENDED
  elseif b.right then
    pass(s)
    return PASSED
  elseif flag(s, ONCE_WRONG) then
    miss(s, b.next)
    return MISSED
  end
  s.check, s.check_seq = b.next .. pack('>I4', s.resume + 2147483648), s.seq
  s.flags = s.flags + ONCE_WRONG
  return WRONG
end

local function attend(policy, s, b, late, now)
  if policy.checks == 0 then
    pass(s)
    return CONFIRMED
  elseif s.check ~= NO_CHECK then
    return answer(s, b, late)
  elseif not flag(s, IS_COMPLETE) and enough(s) then
    return WAITING
  elseif due(policy, s.unchecked, b.wall, b.luck) then
    check(s, b.next .. pack('>I4', s.resume), now + s.window, s.seq)
    return ASKED
  end
  return WAITING
end

local function complete(s)
  s.flags = s.flags + IS_COMPLETE
  s.completed_seq = s.seq
  if s.outcome == WAITING then
    confirm(s)
    s.outcome = FINISHED
  end
end

local function allows(s, b)
  if b.reply and (s.check == NO_CHECK or b.reply ~= s.check) then
    return UNKNOWN_CHECK
  elseif s.check ~= NO_CHECK and s.by == 0 and b.playhead >= 0 then
    return CHECK_FIRST
  elseif s.unit > 0 and s.verified + s.pending_ms + b.wall > s.duration then
    return ENOUGH
  end
  return ACCEPTED
end

local function admit(person, s, b)
  if s.seq > 0 and b.seq == s.seq then
    return b.chain == s.prev and REPEATED or WRONG_TOKEN
  elseif flag(s, IS_CLOSED) then
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
  if verdict == ACCEPTED then verdict = allows(s, b) end
  if verdict ~= ACCEPTED then return verdict end
  local from = max(person['until'], s.opened, s.credit_from + s.credit, now - policy.grace)
  local window = max(0, now - from)
  if b.wall > window or b.media * 100 > window * policy.rate then return TOO_FAST end
  for _, r in ipairs(b.runs) do
    for n = r[3], r[4] do
      if not has(s.delivered, n) then return NOT_DELIVERED end
    end
  end
  local late = is_late(policy, s, now)
  person['until'] = from + b.wall
  s.credit_from, s.credit = from, b.wall
  s.seq, s.last = b.seq, now
  s.prev, s.chain = s.chain, b.next
  s.pending_ms = s.pending_ms + b.wall
  s.unchecked = s.unchecked + b.wall
  s.report = b.report
  play(s, b)
  s.outcome = attend(policy, s, b, late, now)
  if not flag(s, IS_COMPLETE) and s.check == NO_CHECK and (b.playhead >= 0 or s.outcome == PASSED) and enough(s) then complete(s) end
  return ACCEPTED
end

local function read_beat(text)
  local b, count, reported, at = { runs = {} }
  local reply
  b.seq, b.chain, b.next, b.wall, b.media, b.playhead, b.luck, reply, count, reported, at = unpack('>I4c12c12I8I8i4I4BBI2', text)
  for i = 1, count do
    local from, to, first, last
    from, to, first, last, at = unpack('>I4I4I4I4', text, at)
    b.runs[i] = { from, to, first, last }
  end
  b.report = text:sub(at, at + reported - 1)
  if reply > 0 then -- its id stands at the end of the report, before two bytes of choices
    b.reply, b.right, b.more = b.report:sub(-18, -3), reply == 2, reply == 3
  end
  return b
end

local policy = {}
policy.rate, policy.ahead, policy.grace, policy.checks, policy.mean, policy.gap, policy.keep = unpack('>I8I8I8I8I8I8I8', ARGV[1])
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
