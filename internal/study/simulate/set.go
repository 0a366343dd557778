package simulate

import "math/bits"

// set is a set of small numbers, eight a byte, the lowest bit first, as the
// evidence and the answers keep seconds.
type set []byte

func (s set) has(n int64) bool { return n/8 < int64(len(s)) && s[n/8]&(1<<(n%8)) != 0 }

func (s *set) add(n int64) {
	for int64(len(*s)) <= n/8 {
		*s = append(*s, 0)
	}
	(*s)[n/8] |= 1 << (n % 8)
}

func (s set) clone() set { return append(set(nil), s...) }

func (s set) count() (n int64) {
	for _, b := range s {
		n += int64(bits.OnesCount8(b))
	}
	return n
}

// beyond is the first number of s that is not in other; -1: none.
func (s set) beyond(other set) int64 {
	for i, b := range s {
		if i < len(other) {
			b &^= other[i]
		}
		if b != 0 {
			return int64(i)*8 + int64(bits.TrailingZeros8(b))
		}
	}
	return -1
}

func (s set) same(other set) bool { return s.beyond(other) < 0 && other.beyond(s) < 0 }
