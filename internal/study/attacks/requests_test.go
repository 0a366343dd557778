package attacks_test

import "github.com/hourglass-lms/hourglass/internal/study/client"

// requests are attacked: sent by another site, or in another way.
var requests = []attack{
	site("another site sends a beat", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"),
	site("a neighbouring site sends a beat", "Sec-Fetch-Site", "same-site"),
	site("an old browser sends a beat for another site", "Origin", "https://evil.example"),
	site("a frame without an origin sends a beat", "Origin", "null"),
	site("another site says where it wants to be", "Origin", "https://evil.example", "X-Forwarded-Host", "evil.example"),
	{"another site opens a session", func(s *scene) {
		x := s.seat()
		s.refused(x.l.send(s.T, "POST", "/study-sessions", `{"lesson_id":"`+s.st.course.video+`","take_over":true}`, "Sec-Fetch-Site", "cross-site"), 403, "cross-origin")
		x.study(200)
	}},
	{"another site closes a session", func(s *scene) {
		x := s.seat()
		s.refused(x.l.send(s.T, "DELETE", x.Path(), "", "Sec-Fetch-Site", "cross-site"), 403, "cross-origin")
		x.study(200)
	}},
	method("a beat is sent with PUT", "PUT"),
	method("a beat is sent with PATCH", "PATCH"),
	method("a beat is sent with GET", "GET", "X-HTTP-Method-Override", "POST"),
	method("a beat is sent with HEAD", "HEAD"),
	method("a beat is sent with DELETE", "DELETE"),
	{"a beat asks to be a deletion", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		s.accepted(x.post(beat(seq, token), "X-HTTP-Method-Override", "DELETE", "X-Method-Override", "DELETE"))
		// It was a beat, which the seat's own first repeats, and the session lives.
		if a, err := x.Beat(s.Context(), client.Beat{State: client.Playing}); err != nil || a.Seq != 1 {
			s.Fatal(a, err)
		}
		x.study(200)
	}},
	{"a beat calls itself a form", func(s *scene) {
		x := s.seat()
		x.fetch(0, 20_000)
		seq, token := x.Next()
		// The type decides nothing: what is claimed is judged all the same.
		s.refused(x.post(beat(seq, token, span(0, 20_000, 1)), "Content-Type", "application/x-www-form-urlencoded"), 422, "too-fast")
		x.study(200)
	}},
	{"a token stands in the address", func(s *scene) {
		x := s.seat()
		_, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		s.refused(x.l.send(s.T, "POST", x.Path()+"/beats?token="+token+"&seq=1", `{"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":200,"rate":1}]}`), 422, "invalid")
		x.study(200)
	}},
}

func site(name string, headers ...string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(300)
		seq, token := x.Next()
		s.refused(x.post(beat(seq, token, span(0, 200, 1)), headers...), 403, "cross-origin")
		x.study(200)
	}}
}

func method(name, method string, headers ...string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(300)
		seq, token := x.Next()
		if a := x.l.send(s.T, method, x.Path()+"/beats", beat(seq, token, span(0, 200, 1)), headers...); a.status != 405 {
			s.Errorf("%s was answered %s", method, a)
		}
		x.study(200)
	}}
}
