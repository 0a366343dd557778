package attacks_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
)

// bodies are attacked: beats that are none.
var bodies = []attack{
	spans("a span of negative media", `{"from_ms":-1000,"to_ms":200,"rate":1}`, 422, "invalid"),
	spans("a span that runs backwards", `{"from_ms":200,"to_ms":0,"rate":1}`, 422, "invalid"),
	spans("a span of nothing", `{"from_ms":100,"to_ms":100,"rate":1}`, 422, "invalid"),
	spans("a span far beyond the end", `{"from_ms":0,"to_ms":86400000,"rate":1}`, 422, "invalid"),
	spans("a span to 2^63", `{"from_ms":0,"to_ms":9223372036854775808,"rate":1}`, 422, "invalid"),
	spans("a span that wraps 32 bits", `{"from_ms":4294967296,"to_ms":4294967496,"rate":1}`, 422, "invalid"),
	spans("a span of broken milliseconds", `{"from_ms":0,"to_ms":199.5,"rate":1}`, 422, "invalid"),
	spans("a span as text", `{"from_ms":"0","to_ms":"200","rate":1}`, 422, "invalid"),
	spans("a span with a field twice", `{"from_ms":0,"to_ms":100,"to_ms":200,"rate":1}`, 422, "invalid"),
	spans("a span with a field in capitals", `{"from_ms":0,"TO_MS":200,"rate":1}`, 422, "invalid"),
	spans("a span with time of its own", `{"from_ms":0,"to_ms":200,"rate":1,"wall_ms":3600000}`, 422, "invalid"),
	spans("a span that is null", `null`, 422, "invalid"),
	spans("spans that overlap and are counted twice", strings.Repeat(`{"from_ms":0,"to_ms":200,"rate":1},`, 31)+`{"from_ms":100,"to_ms":200,"rate":1}`, 422, "too-fast"),
	spans("thirty-three spans", strings.Repeat(`{"from_ms":0,"to_ms":1,"rate":1},`, 32)+`{"from_ms":0,"to_ms":1,"rate":1}`, 422, "invalid"),
	spans("ten thousand spans", strings.Repeat(`{"from_ms":0,"to_ms":1,"rate":1},`, 9999)+`{"from_ms":0,"to_ms":1,"rate":1}`, 413, "too-large"),
	whatever("a body that is no JSON", `token=1&seq=1`, 400, "malformed"),
	whatever("a body of nothing", ``, 400, "malformed"),
	whatever("a body that is null", `null`, 422, "invalid"),
	whatever("a body that is a list", `[]`, 422, "invalid"),
	whatever("a body nested two thousand deep", strings.Repeat(`[`, 2000)+strings.Repeat(`]`, 2000), 400, "malformed"),
	whatever("a token that is not UTF-8", "{\"token\":\"\xff\xfe\",\"seq\":1,\"state\":\"playing\",\"visible\":true,\"spans\":[]}", 409, "wrong-token"),
	raw("a state that is not UTF-8", func(seq, token string) string { return strings.Replace(good(seq, token), `playing`, "\xc0\x80", 1) }, 422, "invalid"),
	raw("a field's name that is not UTF-8", func(seq, token string) string { return strings.Replace(good(seq, token), `"seq"`, "\"se\xf1\"", 1) }, 422, "invalid"),
	raw("two beats in one body", func(seq, token string) string { return good(seq, token) + good(seq, token) }, 400, "malformed"),
	raw("a byte order mark before the beat", func(seq, token string) string { return "\ufeff" + good(seq, token) }, 400, "malformed"),
	raw("a field twice", func(seq, token string) string { return strings.Replace(good(seq, token), `{`, `{"seq":1,`, 1) }, 422, "invalid"),
	raw("a field in capitals", func(seq, token string) string { return strings.Replace(good(seq, token), `"seq"`, `"SEQ"`, 1) }, 422, "invalid"),
	raw("a field nobody knows", func(seq, token string) string {
		return strings.Replace(good(seq, token), `{`, `{"verified_s":3600,`, 1)
	}, 422, "invalid"),
	raw("the client's own time", func(seq, token string) string { return strings.Replace(good(seq, token), `{`, `{"at_ms":1,`, 1) }, 422, "invalid"),
	raw("a state nobody knows", func(seq, token string) string { return strings.Replace(good(seq, token), `playing`, `PLAYING`, 1) }, 422, "invalid"),
	raw("a body one byte too large", func(seq, token string) string {
		text := good(seq, token)
		return text + strings.Repeat(" ", 16<<10+1-len(text))
	}, 413, "too-large"),
	flood("a body of 100 MB", ""),
	flood("a body of 100 MB in chunks", "1"),
	{"a small body that unpacks to a large one", func(s *scene) {
		x := s.seat()
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		seq, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		_, _ = io.WriteString(w, beat(seq, token, span(0, 200, 1)))
		_, _ = io.CopyN(w, spaces{}, 8<<20)
		_ = w.Close()
		s.refused(x.post(packed.String(), "Content-Encoding", "gzip"), 415, "unsupported-media-type")
		x.study(200)
	}},
	{"a beat that is packed", func(s *scene) {
		x := s.seat()
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		seq, token := x.Next()
		x.fetch(0, 1000)
		x.wait(300)
		_, _ = io.WriteString(w, beat(seq, token, span(0, 200, 1)))
		_ = w.Close()
		s.refused(x.post(packed.String(), "Content-Encoding", "gzip"), 415, "unsupported-media-type")
		x.study(200)
	}},
}

// spaces never end.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// good is a beat that would be accepted.
func good(seq, token string) string {
	return `{"token":"` + token + `","seq":` + seq + `,"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":200,"rate":1}]}`
}

// raw sends a body where a beat that is good would be accepted.
func raw(name string, make func(seq, token string) string, status int, code string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(200)
		_, token := x.Next()
		s.refused(x.post(make("1", token)), status, code)
		x.study(200)
	}}
}

func whatever(name, body string, status int, code string) attack {
	return raw(name, func(_, _ string) string { return body }, status, code)
}

func spans(name, list string, status int, code string) attack {
	return raw(name, func(seq, token string) string {
		return `{"token":"` + token + `","seq":` + seq + `,"state":"playing","visible":true,"spans":[` + list + `]}`
	}, status, code)
}

// flood sends 100 MB: it is refused, or the connection is cut, before it is read.
func flood(name, chunked string) attack {
	return attack{name, func(s *scene) {
		x := s.seat()
		a := x.l.stream(s.T, "POST", x.Path()+"/beats", &io.LimitedReader{R: spaces{}, N: 100 << 20}, "X-Chunked", chunked)
		if a.err == nil && a.status != 413 {
			s.Errorf("answered %s", a)
		}
		x.study(200)
	}}
}
