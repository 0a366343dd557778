package main_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// watch studies a video lesson the way the player does: playlist, segments,
// a beat now and then, at the server's real time.
func (p *person) watch(lesson string, rate float64) obj {
	p.t.Helper()
	s := p.post("/study-sessions", obj{"lesson_id": lesson}, http.StatusCreated)
	id, token, duration := str(s["id"]), str(s["token"]), at[float64](p.t, s, "duration_ms")
	segments := p.playlist(at[string](p.t, s, "playlist_url"))
	started, playhead, seq := time.Now(), 0.0, 1
	var answer obj
	for playhead < duration {
		to := min(duration, playhead+4000*rate)
		for _, x := range segments {
			if x.from < to && x.to > playhead {
				p.fetch(x.url)
			}
		}
		// Real time: what is claimed must have passed on the server's clock.
		time.Sleep(time.Until(started.Add(time.Duration(to/rate)*time.Millisecond + 20*time.Millisecond)))
		answer = p.post("/study-sessions/"+id+"/beats", obj{
			"token": token, "seq": seq, "state": "playing", "visible": true, "spans": []obj{{"from_ms": int(playhead), "to_ms": int(to), "rate": rate}},
		}, http.StatusOK)
		token, playhead = str(answer["token"]), to
		seq++
	}
	if _, res := p.call(http.MethodDelete, "/study-sessions/"+id, nil, http.StatusNoContent); res == nil {
		p.t.Fatal("unreachable")
	}
	return answer
}

type segment struct {
	url      string
	from, to float64 // ms
}

// playlist reads the best rendition's segments.
func (p *person) playlist(master string) []segment {
	p.t.Helper()
	res, text := p.raw(http.MethodGet, master, "", nil)
	if res.StatusCode != http.StatusOK {
		p.t.Fatalf("playlist: %d %s", res.StatusCode, text)
	}
	var variants []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			variants = append(variants, line)
		}
	}
	if len(variants) < 2 {
		p.t.Fatalf("%d renditions, want at least two:\n%s", len(variants), text)
	}
	res, text = p.raw(http.MethodGet, master[:strings.LastIndex(master, "/")+1]+variants[0], "", nil)
	if res.StatusCode != http.StatusOK {
		p.t.Fatalf("media playlist: %d %s", res.StatusCode, text)
	}
	return readSegments(p.t, string(text))
}

func readSegments(t *testing.T, text string) (out []segment) {
	t.Helper()
	var from, length float64
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if d, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			seconds, err := time.ParseDuration(strings.TrimSuffix(d, ",") + "s")
			if err != nil {
				t.Fatal(err)
			}
			length = float64(seconds.Milliseconds())
		} else if line != "" && line[0] != '#' {
			out = append(out, segment{line, from, from + length})
			from += length
		}
	}
	return out
}

func (p *person) fetch(address string) []byte {
	p.t.Helper()
	res, data := p.raw(http.MethodGet, address, "", nil)
	if res.StatusCode != http.StatusOK || len(data) == 0 {
		p.t.Fatalf("segment %s: %d, %d bytes", address, res.StatusCode, len(data))
	}
	p.sources[res.Request.URL.Host] = true
	return data
}

// pass takes a quiz, choosing by the texts of the right answers.
func (p *person) pass(quiz string, right map[string]bool) obj {
	p.t.Helper()
	a := p.post("/quizzes/"+quiz+"/attempts", obj{}, http.StatusCreated)
	id := str(a["id"])
	for _, q := range at[[]any](p.t, a, "questions") {
		chosen := []string{}
		for _, c := range at[[]any](p.t, q, "choices") {
			if right[at[string](p.t, c, "text", "zh")] {
				chosen = append(chosen, at[string](p.t, c, "id"))
			}
		}
		if len(chosen) == 0 {
			p.t.Fatalf("no right answer is known for %v", q)
		}
		p.call(http.MethodPut, "/attempts/"+id+"/answers/"+at[string](p.t, q, "id"), obj{"choices": chosen}, http.StatusOK)
	}
	return p.post("/attempts/"+id+"/submission", obj{}, http.StatusOK)
}
