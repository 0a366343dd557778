-- The rules, after state.lua.

-- with_part is the runs, sorted and apart, two numbers each, with one more.
local function with_part(runs, count, from, to)
  local out, n, placed = {}, 0, false
  local function add(a, z)
    out[n + 1], out[n + 2] = a, z
    n = n + 2
  end
  for i = 1, 2 * count, 2 do
    local a, z = runs[i], runs[i + 1]
    if z >= from and a <= to then
      from, to = min(from, a), max(to, z)
    else
      if a > to and not placed then
        placed = true
        add(from, to)
      end
      add(a, z)
    end
  end
  if not placed then add(from, to) end
  return out, n / 2
end

local function part_at(runs, count, playhead)
  if playhead % 1000 == 0 then return 0, 0 end
  for i = 1, 2 * count, 2 do
    local a = runs[i]
    if a < playhead and playhead <= runs[i + 1] then return max(a, playhead - playhead % 1000), playhead end
  end
  return 0, 0
end

local function play(s, b)
  if b.playhead < 0 then return end
  local runs, count = b.runs, b.count
  if s.part_to == runs[1] and s.part_from < s.part_to then
    runs[1] = s.part_from -- nearly always it goes on where it stopped
  elseif s.part_from < s.part_to then
    runs, count = with_part(runs, count, s.part_from, s.part_to)
  end
  for i = 1, 2 * count, 2 do
    local first, last = floor((runs[i] + 999) / 1000), floor(runs[i + 1] / 1000)
    if runs[i + 1] >= s.duration then last = floor((s.duration + 999) / 1000) end
    local low, fresh = floor(first / 8)
    if s.pending == '' then s.pending_at = low end
    s.pending, s.pending_at, fresh = with_range(s.pending, s.pending_at, covered(s, low, floor((last - 1) / 8)), first, last)
    s.pending_s = s.pending_s + fresh
  end
  s.part_from, s.part_to = part_at(runs, count, b.playhead)
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
      if has(s.covered, at) or is_pending(s, at) then n = n + 1 end
      at = at + 1
    end
    if n < s.need then return false end
  end
  return true
end

local function confirm(s)
  change(s)
  s.verified = s.verified + s.pending_ms
  s.covered_s = s.covered_s + s.pending_s
  s.covered = joined(s.covered, s.pending, s.pending_at)
  s.pending_ms, s.pending_s, s.pending = 0, 0, ''
end

-- check opens another check, or none; the marks on the one before go.
local function check(s, id, by, seq)
  change(s)
  s.check, s.by, s.check_seq = id, by, seq
  s.flags = band(s.flags, IS_CLOSED + IS_COMPLETE)
end

local function pass(s)
  check(s, NO_CHECK, 0, 0)
  s.unchecked = 0
  confirm(s)
end

local function miss(s, link)
  change(s)
  s.forfeited = s.forfeited + s.pending_ms
  s.pending_ms, s.pending_s, s.pending, s.part_from, s.part_to = 0, 0, '', 0, 0
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

local function back(s)
  if s.by == 0 or s.last <= s.by then return end
  change(s)
  s.by = s.last + s.window
end

local function answer(s, b, late)
  if late then
    miss(s, b.next)
    return MISSED
  elseif not b.reply then
    back(s)
    return WAITING
  elseif b.more then
    if flag(s, IS_EXTENDED) or s.by == 0 then
      back(s)
      return WAITING
    end
    change(s)
    s.flags = s.flags + IS_EXTENDED
    s.by = max(s.by, s.last) + s.window
    return EXTENDED
  elseif b.right then
    pass(s)
    return PASSED
  elseif flag(s, ONCE_WRONG) then
    miss(s, b.next)
    return MISSED
  end
  back(s)
  change(s)
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
    change(s)
    check(s, b.next .. pack('>I4', s.resume), now + s.window, s.seq)
    return ASKED
  end
  return WAITING
end

local function complete(s)
  change(s)
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

local function admit(fence, s, b)
  if s.seq > 0 and b.seq == s.seq then
    return b.chain == s.prev and REPEATED or WRONG_TOKEN
  elseif flag(s, IS_CLOSED) then
    return CLOSED
  elseif fence ~= s.fence then
    return FENCED
  elseif b.seq ~= s.seq + 1 then
    return WRONG_SEQUENCE
  elseif b.chain ~= s.chain then
    return WRONG_TOKEN
  end
  return ACCEPTED
end

-- judge leaves it to the state how far the clock is used up: nobody but the session that holds the lease uses it.
local function judge(policy, fence, used, s, b, now)
  local verdict = admit(fence, s, b)
  if verdict == ACCEPTED then verdict = allows(s, b) end
  if verdict ~= ACCEPTED then return verdict end
  local from = max(used, s.opened, s.credit_from + s.credit, now - policy.grace)
  local window = max(0, now - from)
  if b.wall > window or b.media * 100 > window * policy.rate then return TOO_FAST end
  for i = 1, 2 * b.count, 2 do
    local first, last = b.needs[i], b.needs[i + 1]
    local low = floor(first / 8)
    local sent = delivered(s, low, floor(last / 8))
    for n = first - 8 * low, last - 8 * low do
      if not has(sent, n) then return NOT_DELIVERED end
    end
  end
  local late = is_late(policy, s, now)
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

local beat = { runs = {}, needs = {} }

-- read_beat is the beat until the next one is read.
local function read_beat(text)
  local b, reply, reported, at = beat
  b.seq, b.chain, b.next, b.wall, b.media, b.playhead, b.luck, reply, b.count, reported, at = unpack('>I4c12c12I8I8i4I4BBI2', text)
  local runs, needs = b.runs, b.needs
  for i = 1, 2 * b.count, 2 do
    runs[i], runs[i + 1], needs[i], needs[i + 1], at = unpack('>I4I4I4I4', text, at)
  end
  b.report = sub(text, at, at + reported - 1)
  b.reply = nil
  if reply > 0 then -- its id stands at the end of the report, before two bytes of choices
    b.reply, b.right, b.more = sub(b.report, -18, -3), reply == 2, reply == 3
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
