package client

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Playlist is a session's video in one rendition.
type Playlist struct {
	Renditions []string // addresses of the media playlists, as the server lists them
	Init       Segment  // without a length
	Segments   []Segment
}

// Segment is one piece of the video: [FromMS, ToMS).
type Segment struct {
	URL          string
	FromMS, ToMS int64
}

// Between are the segments that [from, to) lies in.
func (p Playlist) Between(from, to int64) (out []Segment) {
	for _, x := range p.Segments {
		if x.FromMS < to && x.ToMS > from {
			out = append(out, x)
		}
	}
	return out
}

// Playlist reads the first rendition's segments, at addresses signed for this session.
func (s *Session) Playlist(ctx context.Context) (p Playlist, err error) {
	base, err := url.Parse(s.Opened.PlaylistURL)
	if err != nil {
		return p, fmt.Errorf("the playlist's address: %w", err)
	}
	master, err := s.client.do(ctx, http.MethodGet, s.Opened.PlaylistURL, nil, maxPlaylist)
	if err != nil {
		return p, fmt.Errorf("read the playlist: %w", err)
	}
	for line := range lines(master) {
		at, err := base.Parse(line)
		if err != nil {
			return p, fmt.Errorf("a rendition's address: %w", err)
		}
		p.Renditions = append(p.Renditions, at.String())
	}
	if len(p.Renditions) == 0 {
		return p, errors.New("the playlist has no rendition")
	}
	p.Init, p.Segments, err = s.Rendition(ctx, p.Renditions[0])
	return p, err
}

// Rendition reads one of the playlist's renditions.
func (s *Session) Rendition(ctx context.Context, address string) (init Segment, all []Segment, err error) {
	text, err := s.client.do(ctx, http.MethodGet, address, nil, maxPlaylist)
	if err != nil {
		return init, nil, fmt.Errorf("read the rendition: %w", err)
	}
	var at, length float64 // seconds: rounding each length would add up
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if uri, ok := strings.CutPrefix(line, `#EXT-X-MAP:URI="`); ok {
			init.URL, _, _ = strings.Cut(uri, `"`)
		}
		if d, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			d, _, _ = strings.Cut(d, ",")
			if length, err = strconv.ParseFloat(d, 64); err != nil {
				return init, nil, fmt.Errorf("a segment's length: %w", err)
			}
		}
		if line != "" && line[0] != '#' {
			all = append(all, Segment{line, ms(at), ms(at + length)})
			at += length
		}
	}
	return init, all, nil
}

func ms(seconds float64) int64 { return int64(math.Round(seconds * 1000)) }

// lines are the addresses of a playlist.
func lines(text []byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// Fetch reads a segment whole. Ahead of the pace it is refused with TooMany
// and says when to come again.
func (s *Session) Fetch(ctx context.Context, x Segment) ([]byte, error) {
	data, err := s.client.do(ctx, http.MethodGet, x.URL, nil, maxSegment)
	if err != nil {
		return nil, fmt.Errorf("fetch a segment: %w", err)
	}
	return data, nil
}
