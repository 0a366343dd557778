package media

import "slices"

// Source is what ffprobe tells of an uploaded video.
type Source struct {
	VideoStream   int // number of the stream in the file
	Width, Height int // as shown: turned and stretched if the file says so
	FrameRate     float64
	Video         string // codec, as ffprobe names it
	Profile       string
	Level         int
	PixelFormat   string
	BFrames       int  // by how many frames decoding runs ahead of showing
	Constant      bool // frames at even distances
	Rotated       bool
	Stretched     bool // its pixels are not square
	Interlaced    bool

	AudioStream   int    // -1: silent
	Audio         string // codec; "": silent
	AudioProfile  string
	AudioChannels int

	DeclaredMS int64 // length by the container's own word; 0: it says nothing
	DurationMS int64 // length by what is in it
	// Filled by Measure; all times count from the first frame.
	PictureMS   int64 // end of the last frame
	AudioFromMS int64
	AudioToMS   int64
	KeyframesMS []int64
}

const (
	minDurationMS = 1000
	maxDurationMS = 6 * 3600 * 1000
	maxSide       = 8192

	// maxGapMS is the longest distance of keyframes that still lets a file be cut
	// without re-encoding: a longer segment would make seeking and changing quality slow.
	maxGapMS = 10_000
	// looseMS is how far the ends of sound and picture may lie apart unnoticed.
	looseMS = 300
	// earlyMS is how far apart they may begin: more would be seen on lips.
	earlyMS = 60
)

// Packet is one piece of a stream as it lies in the file.
type Packet struct {
	Stream       int
	FromMS, ToMS int64 // when it is shown or heard
	Keyframe     bool
}

// Measure takes the lengths from the packets themselves, because what a
// container says of itself is often not true, and judges them. The packets
// come in any order.
func (s *Source) Measure(packets []Packet) error {
	var frames, keys []int64
	var span, sound, picture extent
	for _, p := range packets {
		span.add(p)
		switch p.Stream {
		case s.VideoStream:
			picture.add(p)
			frames = append(frames, p.FromMS)
			if p.Keyframe {
				keys = append(keys, p.FromMS)
			}
		case s.AudioStream:
			sound.add(p)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		s.KeyframesMS = append(s.KeyframesMS, k-picture.from)
	}
	s.Constant = s.Constant && even(frames)
	s.PictureMS = picture.to - picture.from
	s.DurationMS = s.PictureMS
	if sound.some {
		s.AudioFromMS, s.AudioToMS = sound.from-picture.from, sound.to-picture.from
		if s.AudioToMS > s.PictureMS+looseMS {
			s.DurationMS = s.AudioToMS
		}
	} else {
		s.AudioStream, s.Audio = -1, ""
	}
	return s.judgeLength(len(frames), span.to-span.from)
}

func (s *Source) judgeLength(frames int, spanMS int64) error {
	switch {
	case s.DeclaredMS > 0 && spanMS < s.DeclaredMS-max(1000, s.DeclaredMS/100):
		return ErrTruncated
	case frames < 2 || s.DurationMS < minDurationMS:
		return ErrTooShort
	case s.DurationMS > maxDurationMS:
		return ErrTooLong
	}
	return nil
}

// extent is the time that packets cover.
type extent struct {
	from, to int64
	some     bool
}

func (e *extent) add(p Packet) {
	if !e.some {
		e.from, e.to, e.some = p.FromMS, p.ToMS, true
		return
	}
	e.from, e.to = min(e.from, p.FromMS), max(e.to, p.ToMS)
}

// even: no gap is more than twice the mean one.
func even(ms []int64) bool {
	if len(ms) < 2 {
		return false
	}
	slices.Sort(ms)
	mean := (ms[len(ms)-1] - ms[0]) / int64(len(ms)-1)
	for i := 1; i < len(ms); i++ {
		if ms[i]-ms[i-1] > 2*mean+2 {
			return false
		}
	}
	return true
}

// profiles of H.264 that every browser plays at 8 bits and 4:2:0.
var profiles = []string{"Constrained Baseline", "Baseline", "Main", "High", "Progressive High", "Constrained High"}

// Copyable says whether the picture may pass through without re-encoding: what
// every browser plays, cut where it already has keyframes.
func (s *Source) Copyable() bool {
	switch {
	case s.Video != "h264", s.PixelFormat != "yuv420p", !slices.Contains(profiles, s.Profile), s.Level < 10, s.Level > 42:
		return false
	case s.Rotated, s.Interlaced, s.Stretched, !s.Constant, s.DurationMS > s.PictureMS:
		return false
	case s.Width > 1920, s.Height > 1920, s.Width%2 != 0, s.Height%2 != 0:
		return false
	case len(s.KeyframesMS) == 0 || s.KeyframesMS[0] != 0:
		return false
	}
	last := int64(0)
	for _, k := range append(slices.Clone(s.KeyframesMS), s.DurationMS) {
		if k-last > maxGapMS {
			return false
		}
		last = k
	}
	return true
}

// AudioCopyable says whether the sound may pass through: AAC-LC of one or two
// channels that begins and ends with the picture. A segment in which one of
// the two is missing stops a player.
func (s *Source) AudioCopyable() bool {
	return s.Audio == "aac" && s.AudioProfile == "LC" && s.AudioChannels <= 2 &&
		s.AudioFromMS >= -earlyMS && s.AudioFromMS <= earlyMS && s.AudioToMS >= s.DurationMS-looseMS
}
