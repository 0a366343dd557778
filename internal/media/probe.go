package media

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

type probed struct {
	Streams []probedStream `json:"streams"`
	Format  struct {
		Name     string `json:"format_name"`
		Duration string `json:"duration"`
	} `json:"format"`
}

type probedStream struct {
	Index       int            `json:"index"`
	CodecType   string         `json:"codec_type"`
	CodecName   string         `json:"codec_name"`
	Profile     string         `json:"profile"`
	Level       int            `json:"level"`
	Width       int            `json:"width"`
	Height      int            `json:"height"`
	PixFmt      string         `json:"pix_fmt"`
	FieldOrder  string         `json:"field_order"`
	SAR         string         `json:"sample_aspect_ratio"`
	BFrames     int            `json:"has_b_frames"`
	RFrameRate  string         `json:"r_frame_rate"`
	AvgRate     string         `json:"avg_frame_rate"`
	Channels    int            `json:"channels"`
	Disposition map[string]int `json:"disposition"`
	SideData    []struct {
		Rotation float64 `json:"rotation"`
	} `json:"side_data_list"`
}

// ReadProbe judges the JSON of `ffprobe -show_streams -show_format`: whether
// there is a picture, and whether it is of a size to work on. How long it is,
// the packets say (Measure).
func ReadProbe(data []byte) (Source, error) {
	var p probed
	if err := json.Unmarshal(data, &p); err != nil {
		return Source{}, fmt.Errorf("read ffprobe's answer: %w", err)
	}
	s := Source{VideoStream: -1, AudioStream: -1, DeclaredMS: declared(p)}
	for _, st := range p.Streams {
		switch {
		case st.CodecType == "audio" && s.AudioStream < 0:
			s.AudioStream, s.Audio, s.AudioProfile, s.AudioChannels = st.Index, st.CodecName, st.Profile, st.Channels
		// A song's cover is a picture too, and not one to be played.
		case st.CodecType == "video" && s.VideoStream < 0 && st.Disposition["attached_pic"] == 0:
			s.setPicture(st)
		}
	}
	return s, s.judgePicture(p.Format.Name)
}

// declared is what the container says of its length; only of those that note
// it when they are written, not guess it from the size.
func declared(p probed) int64 {
	for _, honest := range []string{"mp4", "matroska", "avi"} {
		if strings.Contains(p.Format.Name, honest) {
			return millis(p.Format.Duration)
		}
	}
	return 0
}

func (s *Source) setPicture(st probedStream) {
	s.VideoStream, s.Video, s.Profile, s.Level, s.PixelFormat, s.BFrames = st.Index, st.CodecName, st.Profile, st.Level, st.PixFmt, st.BFrames
	s.Width, s.Height = st.Width, st.Height
	s.FrameRate = ratio(st.AvgRate, "/")
	s.Constant = st.AvgRate == st.RFrameRate && s.FrameRate > 0
	s.Interlaced = st.FieldOrder != "" && st.FieldOrder != "progressive" && st.FieldOrder != "unknown"
	// Pixels that are not square: the picture is shown wider or narrower than it is stored.
	if sar := ratio(st.SAR, ":"); sar > 0 && sar != 1 {
		s.Stretched = true
		s.Width = int(math.Round(float64(s.Width) * sar))
	}
	for _, side := range st.SideData {
		if turn := math.Mod(math.Abs(side.Rotation), 360); turn != 0 {
			s.Rotated = true
			if turn == 90 || turn == 270 {
				s.Width, s.Height = s.Height, s.Width
			}
		}
	}
}

func (s *Source) judgePicture(format string) error {
	still := strings.HasSuffix(format, "_pipe") || format == "image2" || format == "tty" || format == "gif"
	switch {
	case s.VideoStream < 0 && s.AudioStream >= 0:
		return ErrNoPicture
	case s.VideoStream < 0, still, s.Width <= 0, s.Height <= 0:
		return ErrNotVideo
	case s.Width > maxSide || s.Height > maxSide:
		return ErrTooLarge
	case s.DeclaredMS > maxDurationMS:
		return ErrTooLong
	}
	return nil
}

// ratio reads "30000/1001" or "16:15"; 0 when it is none.
func ratio(text, mark string) float64 {
	a, b, ok := strings.Cut(text, mark)
	if !ok {
		b = "1"
	}
	x, errX := strconv.ParseFloat(a, 64)
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
