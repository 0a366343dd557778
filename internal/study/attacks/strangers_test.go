package attacks_test

import "strings"

// strangers attack what is another person's.
var strangers = []attack{
	{"somebody beats in another's session", func(s *scene) {
		x, victim := s.seat(), s.seat()
		seq, token := victim.Next()
		victim.fetch(0, 1000)
		victim.wait(300)
		s.refused(x.l.send(s.T, "POST", victim.Path()+"/beats", beat(seq, token, span(0, 200, 1))), 404, "not-found")
		victim.study(200)
		x.study(200)
	}},
	{"somebody reads another's playlist", func(s *scene) {
		x, victim := s.seat(), s.seat()
		s.refused(x.l.send(s.T, "GET", victim.Opened.PlaylistURL, ""), 404, "not-found")
		for _, r := range victim.list.Renditions {
			s.refused(x.l.send(s.T, "GET", r, ""), 404, "not-found")
		}
		victim.study(200)
	}},
	{"somebody closes another's session", func(s *scene) {
		x, victim := s.seat(), s.seat()
		s.refused(x.l.send(s.T, "DELETE", victim.Path(), ""), 404, "not-found")
		victim.study(200)
	}},
	{"somebody reads another's enrolment", func(s *scene) {
		x, victim := s.seat(), s.seat()
		id := s.st.text(s.T, `SELECT id::text FROM enrolments WHERE person_id = $1`, victim.l.id)
		s.refused(x.l.send(s.T, "GET", "/enrolments/"+id, ""), 404, "not-found")
		victim.study(200)
	}},
	{"one's own session is kept with another's cookie", func(s *scene) {
		x, victim := s.seat(), s.seat()
		seq, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		s.refused(x.post(beat(seq, token, span(0, 200, 1)), "Cookie", "hourglass_session="+victim.l.signIn), 404, "not-found")
		x.study(200)
		victim.study(200)
	}},
	cookie("a beat comes without a cookie", ""),
	cookie("a beat comes with a made-up cookie", "hourglass_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	cookie("a beat comes with a cookie of nothing", "hourglass_session="),
	cookie("a beat comes with a cookie full of odd bytes", "hourglass_session=%00%ff'--;"),
	{"a playlist is read without a cookie", func(s *scene) {
		x := s.seat()
		s.refused(x.l.send(s.T, "GET", x.Opened.PlaylistURL, "", "Cookie", ""), 401, "unauthenticated")
		x.study(200)
	}},
	id("a session that never was", "00000000-0000-7000-8000-000000000000", 404),
	id("a session's id that is no id", "1 OR 1=1", 422),
	id("a way out of a session's id", "..%2F..%2Fme", 422),
	id("a zero byte in a session's id", "%00", 422),
	id("a session's id of a thousand letters", strings.Repeat("a", 1000), 422),
}

func cookie(name, value string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		s.refused(x.post(beat(seq, token, span(0, 200, 1)), "Cookie", value), 401, "unauthenticated")
		x.study(200)
	}}
}

func id(name, value string, status int) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		value := strings.ReplaceAll(value, " ", "%20")
		a := x.l.send(s.T, "POST", "/study-sessions/"+value+"/beats", beat(seq, token, span(0, 200, 1)))
		if a.status != status {
			s.Errorf("answered %s, want %d", a, status)
		}
		x.study(200)
	}}
}
