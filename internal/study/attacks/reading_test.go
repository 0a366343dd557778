package attacks_test

import (
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// reading is attacked: documents that were not fetched, not looked at, or not
// for so long.
var reading = []attack{
	{"a text is claimed that was never fetched", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.reads(200)
	}},
	{"a PDF is claimed that was never fetched", func(s *scene) {
		x := s.desk(s.st.course.pdf)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.reads(200)
	}},
	{"the lesson's page is looked at instead of the session's document", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.l.must(s.T, "GET", "/lessons/"+s.st.course.text, nil, 200)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.reads(200)
	}},
	{"the PDF is downloaded outside the session", func(s *scene) {
		x := s.desk(s.st.course.pdf)
		x.l.must(s.T, "GET", "/lessons/"+s.st.course.pdf+"/file", nil, 200)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.reads(200)
	}},
	noDocument("HEAD is asked instead of the document", "HEAD", "", 405),
	noDocument("POST is sent to the document", "POST", "", 405),
	noDocument("the document is asked for in no language of ours", "GET", "?lang=xx", 422),
	wholeDocument("a document is called unchanged before it was sent", "If-None-Match", "*"),
	wholeDocument("one byte of a document is asked for", "Range", "bytes=0-0"),
	wholeDocument("a range beyond the document is asked for", "Range", "bytes=999999999-"),
	{"the page is in the background all the while", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		x.wait(300)
		seq, token := x.Next()
		s.refused(x.post(strings.Replace(beat(seq, token, span(0, 200, 1)), `"visible":true`, `"visible":false`, 1)), 422, "not-visible")
		x.reads(200)
	}},
	{"nothing is said of whether the page is seen", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		x.wait(300)
		seq, token := x.Next()
		s.refused(x.post(strings.Replace(beat(seq, token, span(0, 200, 1)), `,"visible":true`, ``, 1)), 422, "invalid")
		x.reads(200)
	}},
	{"a whole document is claimed as soon as it is there", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		s.tooFast(x, span(0, 2*pageMS, 1))
	}},
	{"all pages are claimed at once, each in the time of one", func(s *scene) {
		x := s.desk(s.st.course.pdf)
		x.document()
		x.wait(300)
		s.tooFast(x, span(0, 250, 1), span(pageMS, pageMS+250, 1))
	}},
	{"a document is read at twice the speed", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		x.wait(300)
		s.refused(x.claim(span(0, 400, 2)), 422, "too-fast")
		x.reads(200)
	}},
	{"a page is read beyond the last", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		x.wait(300)
		s.refused(x.claim(span(2*pageMS, 2*pageMS+200, 1)), 422, "invalid")
		s.refused(x.claim(span(2*pageMS-10, 2*pageMS+501, 1)), 422, "invalid")
		x.reads(200)
	}},
	{"a page is read before the first", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		x.wait(300)
		s.refused(x.claim(span(-200, 0, 1)), 422, "invalid")
		x.reads(200)
	}},
	{"one page is read again and again for the time of all", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.reads(900)
		x.at = 0
		x.reads(900)
		x.wait(300)
		s.refused(x.claim(span(0, 250, 1)), 422, "enough")
		// A new session does not begin with new time.
		y := s.sitDown(x.l, s.st.course.text, true)
		y.document()
		y.wait(300)
		s.refused(y.claim(span(pageMS, pageMS+250, 1)), 422, "enough")
	}},
	{"two documents are read at once", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.reads(200)
		s.opens(x.l, `{"lesson_id":"`+s.st.course.pdf+`"}`, 409, "lease-held")
		y := s.sitDown(x.l, s.st.course.pdf, true)
		y.reads(200)
		if a := x.claim(span(200, 400, 1)); a.status != 409 || a.code != client.Fenced && a.code != client.SessionClosed {
			s.Errorf("the first went on: %s", a)
		}
	}},
	{"a document is read while a video plays", func(s *scene) {
		x := s.seat()
		x.study(200)
		s.opens(x.l, `{"lesson_id":"`+s.st.course.text+`"}`, 409, "lease-held")
		x.study(200)
	}},
	{"a document fetched in one session is claimed in the next", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.document()
		y := s.sitDown(x.l, s.st.course.text, true)
		y.wait(300)
		s.refused(y.claim(span(0, 200, 1)), 422, "not-delivered")
		y.reads(200)
	}},
	{"a document is fetched in another's session", func(s *scene) {
		x, victim := s.desk(s.st.course.text), s.desk(s.st.course.text)
		s.refused(x.l.send(s.T, "GET", victim.Path()+"/document", ""), 404, "not-found")
		victim.wait(300)
		s.refused(victim.claim(span(0, 200, 1)), 422, "not-delivered")
		victim.reads(200)
	}},
	{"a document is fetched without signing in", func(s *scene) {
		x := s.desk(s.st.course.text)
		s.refused(x.l.send(s.T, "GET", x.Path()+"/document", "", "Cookie", ""), 401, "unauthenticated")
		x.reads(200)
	}},
	{"a closed session reads on", func(s *scene) {
		x := s.desk(s.st.course.text)
		x.reads(200)
		if err := x.Close(s.Context()); err != nil {
			s.Fatal(err)
		}
		s.refused(x.l.send(s.T, "GET", x.Path()+"/document", ""), 409, "session-closed")
		x.wait(300)
		s.refused(x.claim(span(200, 400, 1)), 409, "session-closed")
	}},
	{"a reading session is used to watch", func(s *scene) {
		x := s.desk(s.st.course.text)
		s.refused(x.l.send(s.T, "GET", x.Path()+"/playlist.m3u8", ""), 404, "not-found")
		s.refused(x.l.send(s.T, "GET", x.Path()+"/720p/index.m3u8", ""), 404, "not-found")
		x.document()
		x.wait(300)
		s.refused(x.claim(span(lesson-200, lesson, 1)), 422, "invalid")
		x.reads(200)
	}},
	{"a video's session is used to read", func(s *scene) {
		x := s.seat()
		s.refused(x.l.send(s.T, "GET", x.Path()+"/document", ""), 404, "not-found")
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"a document of the next version is opened by who enrolled in the first", func(s *scene) {
		s.opens(s.st.early, `{"lesson_id":"`+s.st.next.text+`"}`, 403, "not-enrolled")
	}},
	{"a document is opened without enrolling", func(s *scene) {
		s.opens(s.person(), `{"lesson_id":"`+s.st.other.pdf+`"}`, 403, "not-enrolled")
	}},
}

// desk opens a session of somebody new in a document.
func (s *scene) desk(lesson string) *seat { s.Helper(); return s.sitDown(s.person(), lesson, false) }

func (s *scene) sitDown(l *learner, lesson string, takeOver bool) *seat {
	s.Helper()
	began, open := time.Now(), l.client.Open
	if takeOver {
		open = l.client.TakeOver
	}
	x, err := open(s.Context(), lesson)
	if err != nil {
		s.Fatal(err)
	}
	return &seat{Session: x, s: s, l: l, opened: began}
}

// document has the session's document sent.
func (x *seat) document() answer {
	x.s.Helper()
	a := x.l.send(x.s.T, "GET", x.Path()+"/document", "")
	if a.status != 200 || len(a.body) == 0 {
		x.s.Fatalf("the document: %s", a)
	}
	return a
}

// reads reads for so many milliseconds honestly, and must be credited for them.
func (x *seat) reads(ms int64) {
	x.s.Helper()
	x.document()
	x.wait(ms)
	_, err := x.Beat(x.s.Context(), client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{span(x.at, x.at+ms, 1)}})
	if err != nil {
		x.s.Fatalf("honest reading: %v", err)
	}
	x.at += ms
	x.earn(ms)
}

// noDocument asks for a document in a way that brings no byte of it.
func noDocument(name, method, query string, status int) attack {
	return attack{name, func(s *scene) {
		x := s.desk(s.st.course.pdf)
		if a := x.l.send(s.T, method, x.Path()+"/document"+query, ""); a.status != status || len(a.body) > 0 && a.code == "" {
			s.Errorf("%s was answered %s", method, a)
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.reads(200)
	}}
}

// wholeDocument asks for less than a document: the first time it is sent whole all the same.
func wholeDocument(name, header, value string) attack {
	return attack{name, func(s *scene) {
		x, y := s.desk(s.st.course.pdf), s.desk(s.st.course.pdf)
		want := y.document()
		got := x.l.send(s.T, "GET", x.Path()+"/document", "", header, value)
		if got.status != 200 || string(got.body) != string(want.body) {
			s.Errorf("%s: %s was answered %d with %d bytes of %d", header, value, got.status, len(got.body), len(want.body))
		}
		if again := x.l.send(s.T, "GET", x.Path()+"/document", "", "Range", "bytes=10-19"); again.status != 206 || string(again.body) != string(want.body[10:20]) {
			s.Errorf("a part of what was sent was answered %d with %d bytes", again.status, len(again.body))
		}
		x.reads(200)
	}}
}
