package media

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Source is what ffprobe tells of an uploaded video.
type Source struct {
	Width, Height int // as shown: turned if the file says so
	DurationMS    int64
	FrameRate     float64
	Video         string // codec, as ffprobe names it
	Profile       string
	Level         int
	PixelFormat   string
	Audio         string // "": silent
	Constant      bool   // frames at even distances
	Rotated       bool
	Interlaced    bool
	SquarePixels  bool
	KeyframesMS   []int64 // filled by the packager when copying is in question
}

const (
	minDurationMS = 1000
	maxDurationMS = 6 * 3600 * 1000
	maxSide       = 8192
)

type probed struct {
	Streams []struct {
		CodecType   string            `json:"codec_type"`
		CodecName   string            `json:"codec_name"`
		Profile     string            `json:"profile"`
		Level       int               `json:"level"`
		Width       int               `json:"width"`
		Height      int               `json:"height"`
		PixFmt      string            `json:"pix_fmt"`
		FieldOrder  string            `json:"field_order"`
		SAR         string            `json:"sample_aspect_ratio"`
		RFrameRate  string            `json:"r_frame_rate"`
		AvgRate     string            `json:"avg_frame_rate"`
		Duration    string            `json:"duration"`
		Disposition map[string]int    `json:"disposition"`
		Tags        map[string]string `json:"tags"`
		SideData    []struct {
			Rotation float64 `json:"rotation"`
		} `json:"side_data_list"`
	} `json:"streams"`
	Format struct {
		Name     string `json:"format_name"`
		Duration string `json:"duration"`
	} `json:"format"`
}

// ReadProbe judges the JSON of `ffprobe -show_streams -show_format`.
func ReadProbe(data []byte) (Source, error) {
	var p probed
	if err := json.Unmarshal(data, &p); err != nil {
		return Source{}, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	var s Source
	picture := false
	for _, st := range p.Streams {
		switch {
		case st.CodecType == "audio" && s.Audio == "":
			s.Audio = st.CodecName
		case st.CodecType == "video" && !picture && st.Disposition["attached_pic"] == 0:
			picture = true
			s.Width, s.Height, s.Video, s.Profile, s.Level, s.PixelFormat = st.Width, st.Height, st.CodecName, st.Profile, st.Level, st.PixFmt
			s.FrameRate = ratio(st.AvgRate)
			s.Constant = st.AvgRate == st.RFrameRate && s.FrameRate > 0
			s.Interlaced = st.FieldOrder != "" && st.FieldOrder != "progressive" && st.FieldOrder != "unknown"
			s.SquarePixels = st.SAR == "" || st.SAR == "1:1" || st.SAR == "0:1"
			for _, side := range st.SideData {
				if turn := math.Mod(math.Abs(side.Rotation), 360); turn != 0 {
					s.Rotated = true
					if turn == 90 || turn == 270 {
						s.Width, s.Height = s.Height, s.Width
					}
				}
			}
			s.DurationMS = millis(st.Duration)
		}
	}
	if s.DurationMS == 0 {
		s.DurationMS = millis(p.Format.Duration)
	}
	return s, judge(s, picture, p.Format.Name)
}

func judge(s Source, picture bool, format string) error {
	still := strings.HasSuffix(format, "_pipe") || format == "image2" || format == "tty" || format == "gif"
	switch {
	case !picture && s.Audio != "":
		return ErrNoPicture
	case !picture, still, s.Width <= 0, s.Height <= 0:
		return ErrNotVideo
	case s.Width > maxSide || s.Height > maxSide:
		return ErrTooLarge
	case s.DurationMS < minDurationMS:
		return ErrTooShort
	case s.DurationMS > maxDurationMS:
		return ErrTooLong
	}
	return nil
}

func ratio(text string) float64 {
	a, b, ok := strings.Cut(text, "/")
	x, errX := strconv.ParseFloat(a, 64)
	if !ok {
		b = "1"
	}
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil || y == 0 {
		return 0
	}
	return x / y
}

func millis(text string) int64 {
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(s) || s < 0 || s > 1e9 {
		return 0
	}
	return int64(math.Round(s * 1000))
}

// Rung is one rendition to be made.
type Rung struct {
	Name          string
	Width, Height int
	Bitrate       int // bit/s at most; 0 when copied
	Copy          bool
}

// TargetSegmentMS is how long a segment should be; keyframes decide.
const TargetSegmentMS = 4000

// maxGapMS is the longest distance of keyframes that still lets a file be cut
// without re-encoding: a longer segment would make seeking and changing quality slow.
const maxGapMS = 10_000

// Copyable says whether the source may pass through without re-encoding: what
// every browser plays, cut where it already has keyframes.
func (s Source) Copyable() bool {
	if s.Video != "h264" || s.PixelFormat != "yuv420p" || s.Level > 42 || s.Rotated || s.Interlaced || !s.SquarePixels || !s.Constant {
		return false
	}
	if s.Audio != "" && s.Audio != "aac" {
		return false
	}
	if s.Width > 1920 || s.Height > 1920 || s.Width%2 != 0 || s.Height%2 != 0 || len(s.KeyframesMS) == 0 || s.KeyframesMS[0] > 100 {
		return false
	}
	last := int64(0)
	for _, k := range append(s.KeyframesMS, s.DurationMS) {
		if k-last > maxGapMS {
			return false
		}
		last = k
	}
	return true
}

// Ladder is what to make of the source, best first: always at least two, so
// that a slow line has a choice, and never larger than the source.
func (s Source) Ladder() []Rung {
	side := min(s.Width, s.Height)
	top := s.rung(min(side, 1080))
	if top.Copy = s.Copyable(); top.Copy {
		top = Rung{Name: fmt.Sprintf("%dp", side), Width: s.Width, Height: s.Height, Copy: true}
	}
	out := []Rung{top}
	for _, lower := range below(min(top.Width, top.Height)) {
		r := s.rung(lower)
		if r.Name == top.Name { // a picture so small that even numbers leave no smaller one
			r.Name += "-low"
		}
		out = append(out, r)
	}
	return out
}

// below are the smaller sides worth their bytes: one for the middle where the
// top is large, one for phones on a slow line.
func below(side int) []int {
	switch {
	case side >= 1080:
		return []int{720, 360}
	case side >= 720:
		return []int{360}
	case side >= 360:
		return []int{240}
	case side >= 240:
		return []int{144}
	}
	return []int{max(2, side*2/3)}
}

// rung scales the shorter side to the given length, both to even numbers as
// H.264 needs. Its bit rate is a bound: slides stay far below it.
func (s Source) rung(side int) Rung {
	scale := float64(side) / float64(min(s.Width, s.Height))
	w, h := even(float64(s.Width)*scale), even(float64(s.Height)*scale)
	return Rung{Name: fmt.Sprintf("%dp", min(w, h)), Width: w, Height: h, Bitrate: max(100_000, int(2.2*math.Pow(float64(w*h), 0.75)*30))}
}

func even(x float64) int { return max(2, int(math.Round(x/2))*2) }

// Cuts are where the segments begin, in milliseconds. They are where ffmpeg's
// HLS muxer cuts: at the first keyframe at or after each multiple of the target.
// A copied source brings its own keyframes; elsewhere they are put on the targets.
func (s Source) Cuts() []int64 {
	cuts := []int64{0}
	if !s.Copyable() {
		for at := int64(TargetSegmentMS); at < s.DurationMS-500; at += TargetSegmentMS {
			cuts = append(cuts, at)
		}
		return cuts
	}
	for _, k := range s.KeyframesMS {
		if k-s.KeyframesMS[0] >= TargetSegmentMS*int64(len(cuts)) {
			cuts = append(cuts, k)
		}
	}
	return cuts
}
