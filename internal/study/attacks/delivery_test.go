package attacks_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// delivery is attacked: media claimed that never came.
var delivery = []attack{
	{"media is claimed that was never fetched", func(s *scene) {
		x := s.seat()
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"the lesson's end is claimed after a seek", func(s *scene) {
		x := s.seat()
		x.fetch(0, 2000)
		x.wait(300)
		s.refused(x.claim(span(lesson-200, lesson, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"one segment is fetched and its neighbour claimed with it", func(s *scene) {
		x := s.seat()
		first := x.list.Segments[0]
		x.fetch(0, first.ToMS)
		x.wait(300)
		s.refused(x.claim(span(first.ToMS-50, first.ToMS+50, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"only the first and the last segment are fetched", func(s *scene) {
		x := s.seat()
		x.fetch(0, 100)
		x.fetch(lesson-100, lesson)
		x.wait(300)
		s.refused(x.claim(span(0, 50, 1), span(lesson/2, lesson/2+100, 1), span(lesson-50, lesson, 1)), 422, "not-delivered")
		x.study(200)
	}},
	{"only the initialisation section is fetched", func(s *scene) {
		x := s.seat()
		if _, err := x.Fetch(s.Context(), x.list.Init); err != nil {
			s.Fatal(err)
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}},
	without("HEAD is asked instead of the segment", "HEAD", 405),
	without("OPTIONS is asked instead of the segment", "OPTIONS", 405),
	without("POST is sent to the segment", "POST", 405),
	whole("a segment is called unchanged before it was sent", "If-None-Match", "*"),
	whole("one byte of a segment is asked for", "Range", "bytes=0-0"),
	whole("the last byte of a segment is asked for", "Range", "bytes=-1"),
	whole("a range beyond the segment is asked for", "Range", "bytes=999999999-"),
	{"all segments are fetched at once, then claimed at leisure", func(s *scene) {
		x := s.seat()
		s.greedy(x, func(n int) answer { return x.l.send(s.T, "GET", x.list.Segments[n].URL, "") })
	}},
	{"all segments are fetched at once over many connections", func(s *scene) {
		x := s.seat()
		got := crowd(len(x.list.Segments), func(n int) answer { return x.l.send(s.T, "GET", x.list.Segments[n].URL, "") })
		s.greedy(x, func(n int) answer { return got[n] })
	}},
	{"the pace is tried in the other rendition", func(s *scene) {
		x := s.seat()
		_, low, err := x.Rendition(s.Context(), x.list.Renditions[1])
		if err != nil {
			s.Fatal(err)
		}
		s.greedy(x, func(n int) answer {
			if n%2 == 0 {
				return x.l.send(s.T, "GET", low[n].URL, "")
			}
			return x.l.send(s.T, "GET", x.list.Segments[n].URL, "")
		})
	}},
	{"segments come in one session and are claimed in the next", func(s *scene) {
		x := s.seat()
		x.fetch(0, 20_000)
		y := s.takeOver(x.l)
		y.wait(300)
		s.refused(y.claim(span(0, 200, 1)), 422, "not-delivered")
		y.study(200)
	}},
}

// greedy takes every segment there is: what is sent stays within the pace, and
// what is beyond it cannot be claimed.
func (s *scene) greedy(x *seat, get func(n int) answer) {
	s.Helper()
	sent, refused := int64(0), -1
	for n, segment := range x.list.Segments {
		switch a := get(n); {
		case a.status == 200 && len(a.body) > 0:
			sent += segment.ToMS - segment.FromMS
		case a.status == 429 && a.code == client.TooMany && a.header.Get("Retry-After") != "":
			refused = n
		default:
			s.Fatalf("segment %d: %s", n, a)
		}
	}
	budget := 60_000 + 2*(time.Since(x.opened).Milliseconds()+1)
	if sent > budget || refused < 0 {
		s.Fatalf("%d ms were sent of a budget of %d", sent, budget)
	}
	x.wait(300)
	from := x.list.Segments[refused].FromMS
	s.refused(x.claim(span(from, from+200, 1)), 422, "not-delivered")
}

// without asks for a segment in a way that brings no byte of it.
func without(name, method string, status int) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		a := x.l.send(s.T, method, x.list.Segments[0].URL, "")
		if a.status != status || len(a.body) > 0 && a.code == "" {
			s.Errorf("%s was answered %s", method, a)
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}}
}

// whole asks for less than a segment: the first time it is sent whole all the same.
func whole(name, header, value string) attack {
	return attack{name, func(s *scene) {
		x, y := s.seat(), s.seat()
		want := y.l.send(s.T, "GET", y.list.Segments[0].URL, "")
		got := x.l.send(s.T, "GET", x.list.Segments[0].URL, "", header, value)
		if got.status != 200 || string(got.body) != string(want.body) {
			s.Errorf("%s: %s was answered %d with %d bytes of %d", header, value, got.status, len(got.body), len(want.body))
		}
		// What was sent may be asked for in part: a download goes on where it broke.
		if again := x.l.send(s.T, "GET", x.list.Segments[0].URL, "", "Range", "bytes=10-19"); again.status != 206 || string(again.body) != string(want.body[10:20]) {
			s.Errorf("a part of what was sent was answered %d with %d bytes", again.status, len(again.body))
		}
		x.study(200)
	}}
}

// addresses are attacked: segments under addresses that were not given.
var addresses = []attack{
	address("an address without its proof", func(u string) string { u, _, _ = strings.Cut(u, "&s="); return u }, 403, "forbidden"),
	address("an address without its end", func(u string) string { u, _, _ = strings.Cut(u, "?"); return u }, 404, "not-found"),
	address("an address whose end is moved", func(u string) string { return strings.Replace(u, "?e=", "?e=1", 1) }, 403, "forbidden"),
	address("an address whose end has passed", func(u string) string {
		before, after, _ := strings.Cut(u, "?e=")
		_, proof, _ := strings.Cut(after, "&")
		return before + "?e=1&" + proof
	}, 403, "forbidden"),
	address("an address of another segment", func(u string) string { return strings.Replace(u, "/0.m4s", "/1.m4s", 1) }, 403, "forbidden"),
	address("an address beyond the last segment", func(u string) string { return strings.Replace(u, "/0.m4s", "/99999.m4s", 1) }, 403, "forbidden"),
	address("a segment of another spelling", func(u string) string { return strings.Replace(u, "/0.m4s", "/00.m4s", 1) }, 404, "not-found"),
	address("a segment before the first", func(u string) string { return strings.Replace(u, "/0.m4s", "/-1.m4s", 1) }, 404, "not-found"),
	address("a way out of the folder", func(u string) string { return strings.Replace(u, "/0.m4s", "/..%2f..%2f0.m4s", 1) }, 404, "not-found"),
	address("a zero byte in the name", func(u string) string { return strings.Replace(u, "/0.m4s", "/0.m4s%00", 1) }, 404, "not-found"),
	address("a proof with one letter changed", func(u string) string {
		last := byte('A')
		if u[len(u)-3] == last {
			last = 'B'
		}
		return u[:len(u)-3] + string(last) + u[len(u)-2:]
	}, 403, "forbidden"),
	address("a proof for the initialisation section", func(u string) string { return strings.Replace(u, "/0.m4s", "/init.mp4", 1) }, 403, "forbidden"),
	{"an address of the server's own making is used after its end", func(s *scene) {
		x := s.seat()
		rendition := strings.Split(x.list.Segments[0].URL, "/")[5]
		// The proof is right as long as the end has not come, and no longer.
		s.refused(x.l.send(s.T, "GET", s.signed(x, rendition, time.Now().Add(-2*time.Second)), ""), 410, "gone")
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		if a := x.l.send(s.T, "GET", s.signed(x, rendition, time.Now().Add(time.Minute)), ""); a.status != 200 {
			s.Errorf("before its end it is answered %s", a)
		}
		x.study(200)
	}},
	{"the proof for one rendition is used for the other", func(s *scene) {
		x := s.seat()
		_, low, err := x.Rendition(s.Context(), x.list.Renditions[1])
		if err != nil {
			s.Fatal(err)
		}
		path, _, _ := strings.Cut(low[0].URL, "?")
		_, proof, _ := strings.Cut(x.list.Segments[0].URL, "?")
		s.refused(x.l.send(s.T, "GET", path+"?"+proof, ""), 403, "forbidden")
		x.study(200)
	}},
	{"the proof of one session is used for another", func(s *scene) {
		x, victim := s.seat(), s.seat()
		u := strings.Replace(x.list.Segments[0].URL, x.Opened.ID, victim.Opened.ID, 1)
		s.refused(x.l.send(s.T, "GET", u, ""), 403, "forbidden")
		x.study(200)
		victim.study(200)
	}},
	{"somebody fetches at another's addresses and claims it as their own", func(s *scene) {
		x, victim := s.seat(), s.seat()
		for _, segment := range victim.list.Between(0, 2000) {
			if a := x.l.send(s.T, "GET", segment.URL, ""); a.status != 200 {
				s.Fatal(a)
			}
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
		victim.study(200)
	}},
	{"the addresses of a closed session are used", func(s *scene) {
		x := s.seat()
		x.study(200)
		if err := x.Close(s.Context()); err != nil {
			s.Fatal(err)
		}
		_, err := x.Fetch(s.Context(), x.list.Segments[9])
		s.refusedErr(err, client.SessionClosed)
	}},
	{"the addresses of a session that was taken over are used", func(s *scene) {
		x := s.seat()
		y := s.takeOver(x.l)
		_, err := x.Fetch(s.Context(), x.list.Segments[0])
		s.refusedErr(err, client.Fenced)
		y.study(200)
	}},
}

// signed is the address of the first segment as the server signs it.
func (s *scene) signed(x *seat, rendition string, end time.Time) string {
	s.Helper()
	keys, err := study.NewKeys(study.Key{ID: "k1", Secret: secret})
	if err != nil {
		s.Fatal(err)
	}
	a := study.Address{
		Session: uuid.MustParse(x.Opened.ID), Asset: uuid.MustParse(s.st.text(s.T, `SELECT asset_id::text FROM study_sessions WHERE id = $1`, x.Opened.ID)),
		Rendition: rendition, Number: 0, Expires: end.Unix(),
	}
	return fmt.Sprintf("/segments/%s/%s/0.m4s?e=%d&s=%s", a.Session, rendition, a.Expires, keys.Sign(a))
}

// address changes the address of the first segment.
func address(name string, change func(string) string, status int, code string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		u := x.list.Segments[0].URL
		changed := change(u)
		if changed == u {
			s.Fatalf("%s is not changed", u)
		}
		s.refused(x.l.send(s.T, "GET", changed, ""), status, code)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 422, "not-delivered")
		x.study(200)
	}}
}
