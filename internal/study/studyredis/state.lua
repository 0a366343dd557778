-- The hot state of study, changed in one step. The rules are those of package
-- study, line by line; a differential test holds the two against each other.
--
-- KEYS: of every beat its person, then its session (one hash slot).
-- ARGV: policy, now, then one packed beat for each pair of keys.
-- Answers, for each beat, its verdict, the session's state, and the end of it that is new, if the rest is not.
--
-- This is most of what Redis does, one thread for everybody: tables that a beat needs are made once and used again,
-- and of a state only what has changed is packed anew, because Lua walks over every byte of every text that is made.
local floor, max, min = math.floor, math.max, math.min
local pack, spread, unpack = struct.pack, unpack, struct.unpack
local byte, char, sub, concat = string.byte, string.char, string.sub, table.concat
local band, bor, bnot, lshift, rshift = bit.band, bit.bor, bit.bnot, bit.lshift, bit.rshift

local ACCEPTED, REPEATED, MISSING, WRONG_SEQUENCE, WRONG_TOKEN = 0, 1, 2, 3, 4
local FENCED, CLOSED, TOO_FAST, NOT_DELIVERED, TOO_EARLY = 5, 6, 7, 8, 9
local CHECK_FIRST, UNKNOWN_CHECK, ENOUGH = 10, 11, 12
local CONFIRMED, WAITING, ASKED, PASSED, WRONG, MISSED, FINISHED, EXTENDED = 0, 1, 2, 3, 4, 5, 6, 7

-- Bits of a state's flags.
local IS_CLOSED, IS_COMPLETE, ONCE_WRONG, IS_EXTENDED, IS_ASKED = 1, 2, 4, 8, 16

-- A state begins with what few beats change (FIXED, which all need, RARE, and two sets); then comes what every beat changes
-- (LIVE, the report, and what is pending), and empty room for it to grow. So most beats write over the end of it.
local FIXED, RARE = '>BI8I8I4I4I4I4I2I2', '>I4I8I4I8I4c16I8I4'
local LIVE = '>BI4I8I8I4I4I4I4I4I4I4c12c12I2I2I2'
local RARE_AT = struct.size(FIXED) + 1
local SETS_AT = RARE_AT + struct.size(RARE)
local ZERO = char(0)
local ROOM = ZERO:rep(32)
local NO_CHECK = ZERO:rep(16)

local state = {}

local function read_rare(s)
  s.rare = true
  s.covered = sub(s.text, SETS_AT, SETS_AT + s.covered_size - 1)
  s.delivered = sub(s.text, SETS_AT + s.covered_size, s.live_at - 1)
  s.window, s.verified, s.forfeited, s.sent, s.completed_seq, s.check, s.by, s.check_seq = unpack(RARE, s.text, RARE_AT)
end

-- read_state is the state until the next one is read.
local function read_state(text)
  local s, reported, pending, at = state
  s.text, s.rare, s.changed, s.check = text, false, false, NO_CHECK
  s.flags, s.fence, s.opened, s.duration, s.unit, s.need, s.covered_s, s.covered_size, s.delivered_size = unpack(FIXED, text)
  s.covered, s.delivered = nil, nil
  s.live_at = SETS_AT + s.covered_size + s.delivered_size
  s.outcome, s.seq, s.last, s.credit_from, s.credit, s.resume, s.part_from, s.part_to, s.pending_ms, s.unchecked, s.pending_s,
    s.prev, s.chain, reported, s.pending_at, pending, at = unpack(LIVE, text, s.live_at)
  s.report = sub(text, at, at + reported - 1)
  s.pending = sub(text, at + reported, at + reported + pending - 1)
  if s.unit > 0 or band(s.flags, IS_ASKED) ~= 0 then read_rare(s) end
  return s
end

-- The bytes low … high of a set, as far as it goes. The sets themselves are read with what is rare.
local function covered(s, low, high) return sub(s.text, SETS_AT + low, SETS_AT + min(high, s.covered_size - 1)) end
local function delivered(s, low, high)
  local at = SETS_AT + s.covered_size
  return sub(s.text, at + low, at + min(high, s.delivered_size - 1))
end

-- change comes before anything that RARE or FIXED holds is changed.
local function change(s)
  if not s.rare then read_rare(s) end
  s.changed = true
end

local function write_live(s)
  return pack(LIVE, s.outcome, s.seq, s.last, s.credit_from, s.credit, s.resume, s.part_from, s.part_to, s.pending_ms, s.unchecked, s.pending_s,
    s.prev, s.chain, #s.report, s.pending_at, #s.pending) .. s.report .. s.pending
end

local function write_state(s)
  if not s.rare then read_rare(s) end
  local flags = band(s.flags, bnot(IS_ASKED)) + (s.check ~= NO_CHECK and IS_ASKED or 0)
  return pack(FIXED, flags, s.fence, s.opened, s.duration, s.unit, s.need, s.covered_s, #s.covered, #s.delivered) ..
    pack(RARE, s.window, s.verified, s.forfeited, s.sent, s.completed_seq, s.check, s.by, s.check_seq) .. s.covered .. s.delivered .. write_live(s) .. ROOM
end

local function flag(s, bits) return band(s.flags, bits) ~= 0 end

local function has(bits, n)
  local b = n >= 0 and byte(bits, floor(n / 8) + 1)
  return b and band(b, lshift(1, n % 8)) ~= 0
end

-- What is pending is often far into the lesson: the empty bytes before it are only counted.
local function is_pending(s, n) return has(s.pending, n - 8 * s.pending_at) end

local ONES = { [0] = 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4 }

local POWERS = { [0] = 1, 2, 4, 8, 16, 32, 64, 128, 256 }

-- with_range is the set, which begins at byte base, with those of first … last - 1 that known has not, the byte it begins at
-- now, and how many of them are new. known begins with the byte that first is in.
local function with_range(bits, base, known, first, last)
  if last <= first then return bits, base, 0 end
  local low, high = floor(first / 8), floor((last - 1) / 8)
  if low < base then
    bits = ZERO:rep(base - low) .. bits
    base = low
  end
  local out, fresh, top = {}, 0, -1
  for i = low, high do
    local had = byte(bits, i - base + 1) or 0
    local asked = POWERS[min(last - i * 8, 8)] - POWERS[max(first - i * 8, 0)]
    local new = band(asked, bnot(bor(had, byte(known, i - low + 1) or 0)))
    fresh = fresh + ONES[band(new, 15)] + ONES[rshift(new, 4)]
    had = had + new
    if had ~= 0 then top = i end
    out[i - low + 1] = char(had)
  end
  if fresh == 0 then return bits, base, 0 end
  local before = sub(bits, 1, low - base)
  if #before < low - base then before = before .. ZERO:rep(low - base - #before) end
  -- A set is only as long as its highest byte needs.
  if high - base + 1 >= #bits then return before .. concat(out, '', 1, top - low + 1), base, fresh end
  return before .. concat(out) .. sub(bits, high - base + 2), base, fresh
end

-- joined is a with b, which begins at byte base.
local function joined(a, b, base)
  if #b == 0 then return a end
  local out = {}
  for i = 1, #b do out[i] = char(bor(byte(a, base + i) or 0, byte(b, i))) end
  local before = sub(a, 1, base)
  return before .. ZERO:rep(base - #before) .. concat(out) .. sub(a, base + #b + 1)
end
