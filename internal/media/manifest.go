package media

import (
	"fmt"
	"sort"
	"strings"

	"github.com/google/uuid"
)

// Manifest is how a packaged video is cut: the same segments in every
// rendition, so that a player may change quality at any of them.
type Manifest struct {
	AssetID    uuid.UUID   `json:"-"`
	DurationMS int64       `json:"duration_ms"`
	SegmentMS  []int64     `json:"segment_ms"` // length of each segment; they add up to DurationMS
	Renditions []Rendition `json:"renditions"` // best first
}

// Rendition is one rung of the ladder.
type Rendition struct {
	Name             string  `json:"name"` // e.g. "720p"; part of keys and addresses
	Width            int     `json:"width"`
	Height           int     `json:"height"`
	Bandwidth        int64   `json:"bandwidth"`         // bit/s of its heaviest segment, RFC 8216 BANDWIDTH
	AverageBandwidth int64   `json:"average_bandwidth"` // bit/s over the whole
	Codecs           string  `json:"codecs"`            // RFC 6381, e.g. "avc1.64001f,mp4a.40.2"
	FrameRate        float64 `json:"frame_rate"`
	Copied           bool    `json:"copied"` // passed through without re-encoding
	SegmentBytes     []int64 `json:"segment_bytes"`
}

// Segments is how many segments there are.
func (m Manifest) Segments() int { return len(m.SegmentMS) }

// SegmentSpan is the media time of segment n: [from, to) in milliseconds.
func (m Manifest) SegmentSpan(n int) (from, to int64) {
	for i := range n {
		from += m.SegmentMS[i]
	}
	return from, from + m.SegmentMS[n]
}

// Starts are the milliseconds at which the segments begin.
func (m Manifest) Starts() []int64 {
	out := make([]int64, len(m.SegmentMS))
	var at int64
	for i, ms := range m.SegmentMS {
		out[i] = at
		at += ms
	}
	return out
}

// SegmentAt is the segment that holds the millisecond; the last one beyond the end.
func (m Manifest) SegmentAt(ms int64) int {
	starts := m.Starts()
	return max(0, sort.Search(len(starts), func(i int) bool { return starts[i] > ms })-1)
}

// Rendition finds a rung by name.
func (m Manifest) Rendition(name string) (Rendition, bool) {
	for _, r := range m.Renditions {
		if r.Name == name {
			return r, true
		}
	}
	return Rendition{}, false
}

// Keys of an asset's objects. All are made of ids and numbers of ours.

// InitKey is where a rendition's initialisation section lies.
func InitKey(asset uuid.UUID, rendition string) string {
	return fmt.Sprintf("media/%s/%s/%s", asset, rendition, initName)
}

// Content types of what a rendition is made of.
const (
	InitType    = "video/mp4"
	SegmentType = "video/iso.segment"
)

// SegmentTypeOf is the content type of what lies under one of a rendition's keys.
func SegmentTypeOf(key string) string {
	if strings.HasSuffix(key, "/"+initName) {
		return InitType
	}
	return SegmentType
}

const initName = "init.mp4"

// SegmentKey is where segment n (from 0) of a rendition lies.
func SegmentKey(asset uuid.UUID, rendition string, n int) string {
	return fmt.Sprintf("media/%s/%s/%d.m4s", asset, rendition, n)
}

// PosterKey is where a video's poster lies.
func PosterKey(asset uuid.UUID) string { return fmt.Sprintf("media/%s/poster.jpg", asset) }

// FileKey is where a document lies.
func FileKey(asset uuid.UUID) string { return fmt.Sprintf("media/%s/file.pdf", asset) }

// PartKey is where part n of an upload lies until it is complete.
func PartKey(asset uuid.UUID, n int) string { return fmt.Sprintf("uploads/%s/%d", asset, n) }
