package attacks_test

import (
	"encoding/base64"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// tokens are attacked: beats that are not the next one.
var tokens = []attack{
	{"an accepted beat is sent again", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		first := x.study(300)
		for range 3 {
			if again := s.accepted(x.post(beat(seq, token, span(0, 300, 1)))); again.Token != first.Token || again.VerifiedS != first.VerifiedS {
				s.Errorf("the same beat was answered %+v, then %+v", first, again)
			}
		}
		x.study(200)
	}},
	{"an accepted beat is sent again with more in it", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		x.study(300)
		x.fetch(0, 4000)
		x.wait(1000)
		if again := s.accepted(x.post(beat(seq, token, span(2000, 3000, 1)))); len(again.Covered) != 0 {
			s.Errorf("a repetition covered %v", again.Covered)
		}
		x.study(200)
	}},
	{"a beat is left out", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		s.refused(x.post(beat(seq+1, token, span(0, 200, 1))), 409, "wrong-sequence")
		x.study(200)
	}},
	{"an earlier beat is sent after a later one", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		x.study(200)
		x.study(200)
		x.wait(300)
		s.refused(x.post(beat(seq, token, span(0, 200, 1))), 409, "wrong-sequence")
		x.study(200)
	}},
	{"the same beat is sent twenty times at once", func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(400)
		got := crowd(20, func(int) answer { return x.claim(span(0, 300, 1)) })
		for _, a := range got {
			if s.accepted(a).Token != s.accepted(got[0]).Token {
				s.Errorf("one beat has two answers: %s and %s", got[0], a)
			}
		}
		x.l.earned += 300
	}},
	{"twenty different beats are sent in one place at once", func(s *scene) {
		x := s.seat()
		x.fetch(0, 20_000)
		x.wait(400)
		got := crowd(20, func(i int) answer { return x.claim(span(int64(i)*400, int64(i)*400+300, 1)) })
		if n := tally(got)["200 "]; n != 20 {
			s.Errorf("they were answered %v", tally(got))
		}
		x.l.earned += 300 // one of them
	}},
	{"the opening's token is used for the second beat", func(s *scene) {
		x := s.seat()
		_, token := x.Next()
		x.study(200)
		x.wait(200)
		s.refused(x.post(beat(2, token, span(0, 200, 1))), 409, "wrong-token")
		x.study(200)
	}},
	{"the token of another person is used", func(s *scene) {
		x, other := s.seat(), s.seat()
		_, token := other.Next()
		x.fetch(0, 1000)
		x.wait(300)
		s.refused(x.post(beat(1, token, span(0, 200, 1))), 409, "wrong-token")
		x.study(200)
		other.study(200)
	}},
	{"the token of one's own earlier session is used", func(s *scene) {
		x := s.seat()
		_, token := x.Next()
		y := s.takeOver(x.l)
		y.fetch(0, 1000)
		y.wait(300)
		s.refused(y.post(beat(1, token, span(0, 200, 1))), 409, "wrong-token")
		y.study(200)
	}},
	token("a token is cut", func(t string) string { return t[:len(t)-1] }, 409, "wrong-token"),
	token("a token is empty", func(string) string { return "" }, 409, "wrong-token"),
	token("a token is padded", func(t string) string { return t + "==" }, 409, "wrong-token"),
	token("a token is stretched", func(t string) string { return t + strings.Repeat("A", 300) }, 422, "invalid"),
	token("a token has one bit turned", func(t string) string {
		b, err := base64.RawURLEncoding.DecodeString(t)
		if err != nil {
			panic(err)
		}
		b[7] ^= 1
		return base64.RawURLEncoding.EncodeToString(b)
	}, 409, "wrong-token"),
	token("a token names another key", func(t string) string {
		b, err := base64.RawURLEncoding.DecodeString(t)
		if err != nil {
			panic(err)
		}
		b[0]++
		return base64.RawURLEncoding.EncodeToString(b)
	}, 409, "wrong-token"),
	token("a token of nothing but zeros", func(t string) string { return strings.Repeat("A", len(t)) }, 409, "wrong-token"),
	sequence("a sequence of zero", "0"),
	sequence("a sequence below zero", "-1"),
	sequence("a sequence of 2^31", "2147483648"),
	sequence("a sequence of 2^63", "9223372036854775808"),
	sequence("a sequence with a fraction", "1.5"),
	sequence("a sequence as text", `"1"`),
	{"a refused beat is made good by its own token alone", func(s *scene) {
		x := s.seat()
		x.fetch(0, 4000)
		s.tooFast(x, span(0, 4000, 1))
		x.wait(300)
		seq, token := x.Next()
		s.refused(x.post(beat(seq+1, token, span(0, 200, 1))), 409, "wrong-sequence")
		x.study(200)
	}},
}

// token claims what was delivered and has passed, with another token.
func token(name string, change func(string) string, status int, code string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(200)
		seq, token := x.Next()
		s.refused(x.post(beat(seq, change(token), client.Span{FromMS: 0, ToMS: 200, Rate: 1})), status, code)
		x.study(200)
	}}
}

func sequence(name, value string) attack {
	return raw(name, func(_, token string) string {
		return `{"token":"` + token + `","seq":` + value + `,"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":200,"rate":1}]}`
	}, 422, "invalid")
}
