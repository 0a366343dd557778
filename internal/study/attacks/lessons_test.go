package attacks_test

// lessons are attacked: sessions in what is not one's own to study.
var lessons = []attack{
	{"a lesson is opened without enrolling", func(s *scene) {
		l := s.person()
		s.opens(l, `{"lesson_id":"`+s.st.other.video+`"}`, 403, "not-enrolled")
	}},
	{"a take-over is asked for without enrolling", func(s *scene) {
		x := s.seat()
		s.opens(x.l, `{"lesson_id":"`+s.st.other.video+`","take_over":true}`, 403, "not-enrolled")
		x.study(200)
	}},
	{"a quiz is opened as if it were a video", func(s *scene) {
		s.opens(s.person(), `{"lesson_id":"`+s.st.course.quiz+`"}`, 404, "not-found")
	}},
	{"a lesson of the next version is opened by who enrolled in the first", func(s *scene) {
		s.opens(s.st.early, `{"lesson_id":"`+s.st.next.video+`"}`, 403, "not-enrolled")
	}},
	{"a lesson of the first version is opened by who enrolled in the next", func(s *scene) {
		l := s.person()
		l.enrol(s.T, s.st.next)
		s.opens(l, `{"lesson_id":"`+s.st.old.video+`"}`, 403, "not-enrolled")
	}},
	{"a lesson that never was is opened", func(s *scene) {
		s.opens(s.person(), `{"lesson_id":"00000000-0000-7000-8000-000000000000"}`, 404, "not-found")
	}},
	{"a course is opened as if it were a lesson", func(s *scene) {
		s.opens(s.person(), `{"lesson_id":"`+s.st.course.course+`"}`, 404, "not-found")
	}},
	{"a session is opened for another person", func(s *scene) {
		l, victim := s.person(), s.seat()
		s.opens(l, `{"lesson_id":"`+s.st.course.video+`","person_id":"`+victim.l.id.String()+`"}`, 422, "invalid")
		victim.study(200)
	}},
	{"a session is opened with time in it", func(s *scene) {
		s.opens(s.person(), `{"lesson_id":"`+s.st.course.video+`","verified_s":3600,"opened_ms":0}`, 422, "invalid")
	}},
	{"a lesson's id is a path", func(s *scene) { s.opens(s.person(), `{"lesson_id":"../../`+s.st.course.video+`"}`, 422, "invalid") }},
	{"a lesson's id is missing", func(s *scene) { s.opens(s.person(), `{}`, 422, "invalid") }},
	{"a lesson's id is null", func(s *scene) { s.opens(s.person(), `{"lesson_id":null}`, 422, "invalid") }},
	{"a session is opened without signing in", func(s *scene) {
		s.refused(s.person().send(s.T, "POST", "/study-sessions", `{"lesson_id":"`+s.st.course.video+`"}`, "Cookie", ""), 401, "unauthenticated")
	}},
}

// opens expects a refusal, and that no session is there afterwards but the one there was.
func (s *scene) opens(l *learner, body string, status int, code string) {
	s.Helper()
	const open = `SELECT count(*) FROM study_sessions WHERE person_id = $1`
	before := s.st.count(s.T, open, l.id)
	s.refused(l.send(s.T, "POST", "/study-sessions", body), status, code)
	if after := s.st.count(s.T, open, l.id); after != before {
		s.Errorf("%d sessions were opened", after-before)
	}
}
